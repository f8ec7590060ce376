using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Hosting;
using CapifOrleans.Aef.ProviderManagement;
using CapifOrleans.Silo.Logging;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>aef</c>: an exposing function as a process of its own, before the HTTP services of an API provider (docs/exposure.md).</summary>
internal static class AefCommand
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context)
    {
        var file = File();
        var level = new Option<LogLevel>("--log-level")
        {
            Description = "What is logged to standard error.",
            DefaultValueFactory = _ => LogLevel.Information,
        };
        var command = new Command("aef", "Runs an API exposing function (CAPIF-2/2e) until SIGTERM or SIGINT. It works with any core function.")
        {
            file, level, Register(context),
        };
        command.SetAction(context.Action((parsed, _) => RunAsync(context, parsed.GetRequiredValue(file), parsed.GetValue(level))));
        return command;
    }

    private static Command Register(CommandContext context)
    {
        var file = File();
        var credential = new Option<string?>("--credential-file")
        {
            HelpName = "file",
            Description = "File with an enrolment credential; needed for the first registration only.",
        };
        var user = new Option<string?>("--user") { HelpName = "name", Description = "Enrolment account to get a credential by, in place of --credential-file." };
        var password = new Option<string?>("--password-file")
        {
            HelpName = "file",
            Description = "File with the account's password; without it, it is asked for, or read from standard input.",
        };
        var enrolment = new Option<string?>("--enrolment")
        {
            HelpName = "address",
            Description = "The enrolment listener. Default: port 8084 of the core function.",
        };
        var command = new Command(
            "register", "Registers the AEF: makes keys, has them certified, publishes the service APIs of the configuration, subscribes to events. May be repeated.")
        {
            file, credential, user, password, enrolment,
        };
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            try
            {
                var configuration = AefConfigurationFile.Read(parsed.GetRequiredValue(file));
                var registrar = new AefRegistrar(configuration, context.Output.WriteLineAsync);
                await registrar.RegisterAsync(() => CredentialAsync(parsed, registrar, configuration, cancellationToken), cancellationToken);
                return ExitCodes.Done;
            }
            catch (AefConfigurationException fault)
            {
                throw new StartFailure(fault.Message, fault);
            }
        }));
        return command;

        async Task<string> CredentialAsync(ParseResult parsed, AefRegistrar registrar, AefConfiguration configuration, CancellationToken cancellationToken)
        {
            if (parsed.GetValue(credential) is { } path)
                return ReadText(path, "--credential-file").Trim();
            if (parsed.GetValue(user) is not { } name)
                throw new StartFailure("the AEF is not registered yet: give --credential-file, or --user.");
            if (!Uri.TryCreate(parsed.GetValue(enrolment) ?? new UriBuilder(configuration.Core!.Address) { Port = 8084, Path = "" }.Uri.AbsoluteUri, UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttps)
            {
                throw new StartFailure("--enrolment: must be an https address, as https://core.example.org:8084.");
            }

            return await registrar.GetCredentialAsync(address, name, PasswordSource.ReadOnce(parsed.GetValue(password), context.Error), cancellationToken);
        }
    }

    private static async Task<int> RunAsync(CommandContext context, string file, LogLevel level)
    {
        using var signals = new StopSignals();
        await using var log = Console.OpenStandardError();
        try
        {
            var configuration = AefConfigurationFile.Read(file);
            if (configuration.Core is not { } address)
                throw new StartFailure($"{file}: core: is missing; give address and root of the core function.");
            using var identity = AefIdentity.Read(configuration)
                ?? throw new StartFailure($"{file}: the AEF is not registered yet; run: capif aef register --config {file} --user NAME.");
            var rootPem = ReadText(address.Root, "core.root");
            using var core = new HttpCoreFunction(address, Roots(rootPem, address.Root), identity);
            using var host = Logging(level, log, context.Time);
            await using var aef = await ExposingFunction.StartAsync(
                new AefOptions
                {
                    Configuration = configuration,
                    Identity = identity,
                    Core = core,
                    CoreRootPem = rootPem,
                    CoreHost = address.Address.IdnHost.Trim('[', ']'),
                    Time = context.Time,
                },
                host.GetRequiredService<ILoggerFactory>(), signals.Token);
            await context.Output.WriteLineAsync($"AEF {identity.AefId} at https://{configuration.Listen.Host}:{aef.Port}, of {address.Address}");
            foreach (var api in configuration.ServiceApis)
                await context.Output.WriteLineAsync($"  /{api.ApiName}/{string.Join('|', api.Versions)} -> {api.Upstream ?? "by Routing_Info"}");
            await context.Output.FlushAsync();
            await signals.WaitAsync();
            using var bound = new CancellationTokenSource(StopWithin, context.Time);
            await aef.StopAsync(bound.Token);
            return ExitCodes.Done;
        }
        catch (Exception fault) when (fault is AefConfigurationException or PlatformNotSupportedException or IOException)
        {
            throw new StartFailure(fault.Message, fault);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    private static ServiceProvider Logging(LogLevel level, Stream output, TimeProvider time) =>
        new ServiceCollection().AddSingleton(time).AddJsonLines(new SiloOptions { LogLevel = level }, output).BuildServiceProvider();

    private static X509Certificate2Collection Roots(string pem, string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException fault)
        {
            throw new StartFailure($"core.root {file}: is no certificate in PEM ({fault.Message}).", fault);
        }

        return roots;
    }

    private static string ReadText(string path, string what)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"{what} {path}: cannot be read ({fault.Message}).", fault);
        }
    }

    private static Option<string> File() => new("--config") { Required = true, HelpName = "file", Description = "The AEF's configuration (JSON; docs/exposure.md)." };
}
