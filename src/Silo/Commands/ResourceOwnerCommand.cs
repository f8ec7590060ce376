using System.CommandLine;
using System.Globalization;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>resource-owner add|list|remove</c>: who may allow API invokers access to resources of their own (RNAA).</summary>
internal static class ResourceOwnerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("resource-owner", "Manages resource owners: who may allow API invokers access to their own data.")
    {
        Add(context),
        List(context),
        Remove(context),
    };

    private static Command Add(CommandContext context)
    {
        var gpsi = Gpsi();
        var passwordFile = new Option<string?>("--password-file")
        {
            Description = "File with the password; without it, it is asked for, or read from standard input.",
            HelpName = "file",
        };
        var command = new Command("add", "Makes an account.") { gpsi, passwordFile };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var owner = new NewResourceOwner
            {
                Gpsi = parsed.GetRequiredValue(gpsi),
                Password = PasswordSource.Read(parsed.GetValue(passwordFile), context.Error),
            };
            var outcome = await context.AdministerAsync(options, core => core.AddResourceOwnerAsync(owner, cancellationToken), cancellationToken);
            if (!outcome.TryGet(out var made, out var refusal))
                return await context.RefusedAsync(refusal);
            await context.Output.WriteLineAsync(made.Gpsi);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the accounts: GPSI, when it was made.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var owners = await context.AdministerAsync(context.Options(parsed), core => core.ListResourceOwnersAsync(cancellationToken), cancellationToken);
            foreach (var owner in owners)
                await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{owner.Gpsi} {owner.CreatedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var gpsi = Gpsi();
        var command = new Command("remove", "Removes an account; every consent of it ends, and API invokers are told.") { gpsi };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var outcome = await context.AdministerAsync(
                context.Options(parsed), core => core.RemoveResourceOwnerAsync(parsed.GetRequiredValue(gpsi), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> Gpsi()
    {
        var gpsi = new Argument<string>("gpsi") { Description = "The owner: msisdn- and digits, or extid-, a local identifier, @ and a domain." };
        gpsi.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !CapifOrleans.Security.ResourceOwnerAccount.IsGpsi(result.Tokens[0].Value))
                result.AddError($"'{result.Tokens[0].Value}' is no GPSI: give msisdn-441234567890 or extid-name@example.com.");
        });
        return gpsi;
    }
}
