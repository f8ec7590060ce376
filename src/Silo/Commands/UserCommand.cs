using System.CommandLine;
using System.Globalization;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>user add|list|remove</c>: enrolment accounts.</summary>
internal static class UserCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("user", "Manages enrolment accounts: who may onboard API invokers and register API providers.")
    {
        Add(context),
        List(context),
        Remove(context),
    };

    private static Command Add(CommandContext context)
    {
        var name = Name();
        var administrator = new Option<bool>("--administrator") { Description = "The user may manage accounts over the network (POST /login)." };
        var needsApproval = new Option<bool>("--needs-approval") { Description = "What the user onboards waits for the operator (onboarding list)." };
        var passwordFile = new Option<string?>("--password-file")
        {
            Description = "File with the password; without it, it is asked for, or read from standard input.",
            HelpName = "file",
        };
        var command = new Command("add", "Makes an account.") { name, administrator, needsApproval, passwordFile };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var user = new NewUser
            {
                UserName = parsed.GetRequiredValue(name),
                Password = PasswordSource.Read(parsed.GetValue(passwordFile), context.Error),
                IsAdministrator = parsed.GetValue(administrator),
                NeedsApproval = parsed.GetValue(needsApproval),
            };
            var outcome = await context.AdministerAsync(options, core => core.AddUserAsync(user, cancellationToken), cancellationToken);
            if (!outcome.TryGet(out var made, out var refusal))
                return await context.RefusedAsync(refusal);
            await context.Output.WriteLineAsync($"{made.UserName} {made.Uuid}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the accounts: name, identifier, administrator or user, when it was made, and needs-approval where what it onboards waits for the operator.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var users = await context.AdministerAsync(options, core => core.ListUsersAsync(cancellationToken), cancellationToken);
            foreach (var user in users)
            {
                var kind = user.IsAdministrator ? "administrator" : "user";
                await context.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{user.UserName} {user.Uuid} {kind} {user.CreatedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{(user.NeedsApproval ? " needs-approval" : "")}"));
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var name = Name();
        var command = new Command("remove", "Removes an account; its credentials are void at once. What was onboarded with it stays.") { name };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var outcome = await context.AdministerAsync(
                options, core => core.RemoveUserAsync(parsed.GetRequiredValue(name), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> Name()
    {
        var name = new Argument<string>("name") { Description = "The user name: 1 to 64 of A-Z, a-z, 0-9, '.', '_', '@', '-'." };
        name.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value.Length == 0)
                result.AddError("The name is empty.");
        });
        return name;
    }
}
