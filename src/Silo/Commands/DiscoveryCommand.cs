using System.CommandLine;
using System.Text.Json;
using CapifOrleans.Discover;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Control;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>discovery allow|deny|remove|open|close|list</c>: who finds which service APIs (33.122 6.3.1.2; docs/discovery.md).</summary>
internal static class DiscoveryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("discovery", "Manages the discovery policy: which service APIs API invokers find.")
    {
        Restrict(context, "allow", "Lets API invokers find service APIs.", isAllowed: true),
        Restrict(context, "deny", "Keeps API invokers from finding service APIs.", isAllowed: false),
        Remove(context),
        Open(context, "open", "Lets open discovery show a service API to whoever has an enrolment credential.", isOpen: true),
        Open(context, "close", "Takes that back.", isOpen: false),
        List(context),
    };

    private static Command Restrict(CommandContext context, string name, string description, bool isAllowed) => Act(
        context, name, description,
        (core, restriction, cancellationToken) => core.SetRestrictionAsync(restriction with { IsAllowed = isAllowed }, cancellationToken));

    private static Command Remove(CommandContext context) => Act(
        context, "remove", "Removes what was allowed or denied for the same service APIs and API invokers.",
        (core, restriction, cancellationToken) => core.RemoveRestrictionAsync(restriction, cancellationToken));

    private static Command Act(
        CommandContext context, string name, string description, Func<IAdministration, DiscoveryRestriction, CancellationToken, Task<Outcome>> act)
    {
        var api = new Option<string?>("--api") { Description = "The service API; without it, and without a category, all.", HelpName = "apiId" };
        var category = new Option<string?>("--category") { Description = "The service APIs of this category.", HelpName = "serviceAPICategory" };
        var invoker = new Option<string?>("--invoker") { Description = "The API invoker; without it, all.", HelpName = "apiInvokerId" };
        var command = new Command(name, description) { api, category, invoker };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var restriction = new DiscoveryRestriction
            {
                ApiId = parsed.GetValue(api),
                ApiCategory = parsed.GetValue(category),
                ApiInvokerId = parsed.GetValue(invoker),
            };
            var outcome = await context.AdministerAsync(context.Options(parsed), core => act(core, restriction, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command Open(CommandContext context, string name, string description, bool isOpen)
    {
        var api = new Argument<string>("service-api") { Description = "The apiId." };
        var command = new Command(name, description) { api };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var serviceApi = new OpenServiceApi { ApiId = parsed.GetRequiredValue(api), IsOpen = isOpen };
            var outcome = await context.AdministerAsync(
                context.Options(parsed), core => core.SetOpenAsync(serviceApi, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the policy, a JSON object a line: what is allowed or denied, then what is open.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var rules = await context.AdministerAsync(context.Options(parsed), core => core.GetDiscoveryPolicyAsync(cancellationToken), cancellationToken);
            foreach (var one in rules.Restrictions)
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(one, ControlJson.Lines.DiscoveryRestriction));
            foreach (var apiId in rules.OpenApiIds)
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(new OpenServiceApi { ApiId = apiId, IsOpen = true }, ControlJson.Lines.OpenServiceApi));
            return ExitCodes.Done;
        }));
        return command;
    }
}
