using System.CommandLine;
using System.Diagnostics;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>serve</c>: runs a core function until a signal comes. It is what runs without a command, too.</summary>
internal static class ServeCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Help = "Runs a core function until SIGTERM or SIGINT. This is what runs without a command.";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("serve", Help);
        Configure(command, context);
        return command;
    }

    /// <summary>Lets <paramref name="command"/> serve.</summary>
    public static void Configure(Command command, CommandContext context)
    {
        context.Settings.AddAllTo(command);
        command.SetAction(context.Action((parsed, _) => RunAsync(context, context.Options(parsed))));
    }

    private static async Task<int> RunAsync(CommandContext context, SiloOptions options)
    {
        using var signals = new StopSignals();
        await using var log = Console.OpenStandardError();
        CoreFunction core;
        try
        {
            core = await CoreFunction.StartAsync(options, log, context.Time, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }

        await using (core)
        {
            using var process = Process.GetCurrentProcess();
            var took = core.StartedAt - new DateTimeOffset(process.StartTime);
            await Banner.WriteAsync(context.Output, core, options, took);
            await signals.WaitAsync();
        }

        return ExitCodes.Done;
    }
}
