using System.CommandLine;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.DataFolder;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>pki root|issue</c>: the certification authority.</summary>
internal static class PkiCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("pki", "The certification authority: its root, and certificates by hand.")
    {
        Root(context),
        Issue(context),
    };

    private static Command Root(CommandContext context)
    {
        var command = new Command("root", "Prints the root certificate.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            // A public file: it needs neither the running core function nor its keys.
            var file = Path.Combine(context.Options(parsed).DataDirectory, DataFiles.Pki, "root.pem");
            try
            {
                await context.Output.WriteAsync(await File.ReadAllTextAsync(file, cancellationToken));
                return ExitCodes.Done;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new StartFailure(
                    $"{file}: cannot be read ({fault.Message}); start the core function once (serve), or correct --data-dir.", fault);
            }
        }));
        return command;
    }

    private static Command Issue(CommandContext context)
    {
        var csr = new Option<string>("--csr") { Required = true, HelpName = "file", Description = "Certificate signing request (PKCS #10, PEM); - for standard input." };
        var role = new Option<string>("--role")
        {
            Required = true,
            HelpName = "role",
            Description = $"{GrainAdministration.ServerRole}: a TLS server, as an AEF or a notification endpoint. "
                + $"{GrainAdministration.SuperadminRole}: the operator's administrator at the core listener.",
        };
        var commonName = new Option<string?>("--cn") { HelpName = "name", Description = "Name of an administrator, or of a server without --host." };
        var host = new Option<string[]>("--host") { HelpName = "name", Description = "DNS name or address of a server; may be repeated." };
        var command = new Command("issue", "Signs a request: prints the certificate, then its chain.") { csr, role, commonName, host };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var order = new CertificateOrder
            {
                Csr = await ReadAsync(parsed.GetRequiredValue(csr), cancellationToken),
                Role = parsed.GetRequiredValue(role),
                CommonName = parsed.GetValue(commonName),
                Hosts = parsed.GetValue(host) ?? [],
            };
            var outcome = await context.AdministerAsync(options, core => core.IssueAsync(order, cancellationToken), cancellationToken);
            if (!outcome.TryGet(out var issued, out var refusal))
                return await context.RefusedAsync(refusal);
            await context.Output.WriteAsync(issued.Pem);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return file == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"--csr {file}: cannot be read ({fault.Message}).", fault);
        }
    }
}
