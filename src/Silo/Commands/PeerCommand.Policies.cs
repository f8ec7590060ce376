using System.CommandLine;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Commands;

internal static partial class PeerCommand
{
    private static Command Allow(CommandContext context)
    {
        var (ccfId, api, invoker) = (CcfId(), Api(), Invoker());
        var bounds = new PolicyBounds();
        var command = new Command("allow", "Lets API invokers of a peer use a service API; without this none may. What is not given has no bound.") { ccfId, api, invoker };
        bounds.AddTo(command);
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var policy = new InterconnectionPolicy
            {
                ApiId = parsed.GetRequiredValue(api),
                ApiInvokerId = parsed.GetValue(invoker),
                Bounds = bounds.Read(parsed, parsed.GetValue(invoker)),
            };
            var outcome = await context.AdministerAsync(
                options, core => core.AllowPeerAsync(parsed.GetRequiredValue(ccfId), policy, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command Disallow(CommandContext context)
    {
        var (ccfId, api, invoker) = (CcfId(), Api(), Invoker());
        var command = new Command("disallow", "Takes back what was allowed; whoever used it is refused.") { ccfId, api, invoker };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var subject = new PeerPolicySubject { ApiId = parsed.GetRequiredValue(api), ApiInvokerId = parsed.GetValue(invoker) };
            var outcome = await context.AdministerAsync(
                options, core => core.DisallowPeerAsync(parsed.GetRequiredValue(ccfId), subject, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> Api() => new("service-api") { Description = "The apiId." };

    private static Option<string?> Invoker() => new("--invoker")
    {
        HelpName = "apiInvokerId",
        Description = "The API invoker; without it, each of the peer's.",
    };
}
