using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Publish;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Demo.ByMethod;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Demo;

/// <summary><c>demo</c>: an API invoker's whole life, against a core function that is named, or one of its own in a temporary folder.</summary>
internal static class DemoCommand
{
    private const string User = "demo";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context)
    {
        var core = new Option<Uri?>("--core") { CustomParser = Address, HelpName = "address", Description = "The core listener to run against, as https://localhost:8443. Without it a core function is started for the run." };
        var enrolment = new Option<Uri?>("--enrolment") { CustomParser = Address, HelpName = "address", Description = "The enrolment listener that belongs to --core." };
        var root = new Option<FileInfo?>("--root") { Description = "The root certificate that belongs to --core (capif-data/pki/root.pem)." };
        var user = new Option<string?>("--user") { Description = "The enrolment user." };
        var password = new Option<string?>("--password-file") { Description = "The file with the user's password; without it, standard input." };
        var method = new Option<SecurityMethod?>("--method") { CustomParser = Method, HelpName = "psk|pki|oauth", Description = "Calls the service API by this security method, through an AEF of the run's own to a service behind it, with the client library as API invoker. Without it each message of the core function is shown." };
        var certificate = new Option<string?>("--aef-certificate") { HelpName = "file", Description = "What that AEF presents, with --core: a certificate for localhost of that core function (pki issue --role server --host localhost)." };
        var key = new Option<string?>("--aef-key") { HelpName = "file", Description = "The private key that belongs to --aef-certificate." };
        var interconnection = new Option<bool>("--interconnection") { Description = "Runs the life of an API invoker of one operator at the AEF of another, on two core functions." };
        var command = new Command("demo", "Runs an API invoker's whole life and checks every answer.") { method, core, enrolment, root, user, password, certificate, key, interconnection };
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(interconnection))
                return await InterconnectionRun.RunAsync(context, cancellationToken);
            var by = parsed.GetValue(method);
            if (parsed.GetValue(core) is not { } address)
                return await RunOwnAsync(context, by, cancellationToken);
            using var given = by is null ? null : DemoCertificate.Read(
                parsed.GetValue(certificate) ?? throw new StartFailure("--aef-certificate is needed with --core and --method; make one by pki issue --role server --host localhost."),
                parsed.GetValue(key) ?? throw new StartFailure("--aef-key is needed with --aef-certificate."));
            return await RunAsync(
                context, by, given,
                new DemoTarget
                {
                    Core = address,
                    Enrolment = parsed.GetValue(enrolment) ?? throw new StartFailure("--enrolment is needed with --core."),
                    Root = ReadRoot(parsed.GetValue(root) ?? throw new StartFailure("--root is needed with --core.")),
                    UserName = parsed.GetValue(user) ?? throw new StartFailure("--user is needed with --core; make one by user add."),
                    Password = PasswordSource.Read(parsed.GetValue(password), context.Error),
                },
                cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunOwnAsync(CommandContext context, SecurityMethod? method, CancellationToken cancellationToken)
    {
        if (!GrainRuntime.KeepsStateInDataFolder)
            throw new StartFailure("--core is needed: in a build for a cluster a demonstration of its own would fill the cluster's database.");
        var folder = Directory.CreateTempSubdirectory("capif-demo-");
        try
        {
            var options = new SiloOptions
            {
                DataDirectory = Path.Combine(folder.FullName, "capif-data"),
                ListenAddress = IPAddress.Loopback,
                CorePort = 0,
                EnrolmentPort = 0,
                OperationsPort = 0,
                LogLevel = LogLevel.Warning,
            };
            // What is refused on purpose would fill the screen.
            await using var core = await CoreFunction.StartAsync(options, Stream.Null, context.Time, cancellationToken);
            await context.Output.WriteLineAsync($"A core function runs for this at {core.Core} (data in {options.DataDirectory}).");
            var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            var added = await core.Administration.AddUserAsync(new NewUser { UserName = User, Password = password }, cancellationToken);
            if (added.Refusal is { } refusal)
                return await context.RefusedAsync(refusal);
            using var certificate = method is null ? null : await DemoCertificate.OrderAsync(core.Administration, cancellationToken);
            return await RunAsync(
                context, method, certificate,
                new DemoTarget
                {
                    Core = core.Core,
                    Enrolment = core.Enrolment,
                    Root = ReadRoot(new FileInfo(core.RootFile)),
                    UserName = User,
                    Password = password,
                },
                cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context, SecurityMethod? method, DemoCertificate? certificate, DemoTarget target, CancellationToken cancellationToken)
    {
        using var run = new DemoRun(target, new DemoReport(context.Output));
        if (method is null)
            return await run.RunAsync(cancellationToken) ? ExitCodes.Done : ExitCodes.Failed;
        var folder = Directory.CreateTempSubdirectory("capif-demo-aef-");
        try
        {
            return await new MethodRun(run, method.Value, certificate!, folder.FullName).RunAsync(cancellationToken) ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SecurityMethod? Method(ArgumentResult given)
    {
        var text = given.Tokens.Single().Value;
        if (Json.WireNames.Find<SecurityMethod>(text.ToUpperInvariant()) is { } method)
            return method;
        given.AddError($"'{text}' is no security method; it is psk, pki or oauth.");
        return null;
    }

    private static Uri? Address(ArgumentResult given)
    {
        var text = given.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
            return address;
        given.AddError($"'{text}' is not an address; give one as https://localhost:8443.");
        return null;
    }

    private static X509Certificate2 ReadRoot(FileInfo file)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(file.FullName));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartFailure($"--root {file}: cannot be read ({fault.Message}).", fault);
        }
    }
}
