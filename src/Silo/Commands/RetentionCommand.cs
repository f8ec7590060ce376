using System.CommandLine;
using System.Globalization;
using CapifOrleans.Logging;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>retention set|list|remove</c>: how long invocation logs of a service API are kept (23.222 Annex E).</summary>
internal static class RetentionCommand
{
    private const string Unlimited = "unlimited";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("retention", "Manages how long invocation logs are kept.")
    {
        Set(context),
        List(context),
        Remove(context),
    };

    private static Command Set(CommandContext context)
    {
        var api = Api();
        var hours = new Argument<string>("hours") { Description = $"Hours from when an entry came, or '{Unlimited}'." };
        var command = new Command("set", "Sets it for a service API.") { api, hours };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var retention = new InvocationLogRetention { ApiId = parsed.GetRequiredValue(api), Hours = Hours(parsed.GetRequiredValue(hours)) };
            var outcome = await context.AdministerAsync(options, core => core.SetRetentionAsync(retention, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists what is set: apiId and hours; the first line is for all others.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            foreach (var one in await context.AdministerAsync(options, core => core.ListRetentionsAsync(cancellationToken), cancellationToken))
                await context.Output.WriteLineAsync($"{one.ApiId ?? "others"} {one.Hours?.ToString(CultureInfo.InvariantCulture) ?? Unlimited}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var api = Api();
        var command = new Command("remove", "Takes back what was set for a service API.") { api };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var outcome = await context.AdministerAsync(
                options, core => core.RemoveRetentionAsync(parsed.GetRequiredValue(api), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> Api() => new("service-api") { Description = "The apiId." };

    private static int? Hours(string text) => text == Unlimited
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            ? hours
            : throw new StartFailure($"hours: '{text}' is neither a whole number nor '{Unlimited}'.");
}
