using System.Collections;
using System.CommandLine;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Silo.Hosting;

namespace CapifOrleans.Silo.Commands;

/// <summary>The program's commands.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, IDictionary environment)
    {
        var context = new CommandContext(output, error, environment);
        var parsed = Build(context).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
                await error.WriteLineAsync($"capif: {fault.Message.Trim()} Try --help.");
            // What is wrong with the settings that were understood is told in the same breath.
            await context.TellFaultsAsync(parsed);
            return ExitCodes.Usage;
        }

        // Signals are StopSignals' own.
        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(configuration);
    }

    private static RootCommand Build(CommandContext context)
    {
        var root = new RootCommand("A CAPIF core function (3GPP TS 23.222, 29.222, 33.122). Without a command it serves.");
        ServeCommand.Configure(root, context);
        root.Add(ServeCommand.Create(context));
        root.Add(AefCommand.Create(context));
        root.Add(DemoCommand.Create(context));
        root.Add(PkiCommand.Create(context));
        root.Add(KeysCommand.Create(context));
        root.Add(UserCommand.Create(context));
        root.Add(OnboardingCommand.Create(context));
        root.Add(PolicyCommand.Create(context));
        root.Add(DiscoveryCommand.Create(context));
        root.Add(HidingCommand.Create(context));
        root.Add(PeerCommand.Create(context));
        root.Add(RetentionCommand.Create(context));
        root.Add(ResourceOwnerCommand.Create(context));
        root.Add(ImportCommand.Create(context));
        root.Add(StatusCommand.Create(context));
        HostCommands.AddTo(root, context);
        return root;
    }
}
