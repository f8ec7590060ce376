using System.CommandLine;
using System.Text.Json;
using CapifOrleans.AccessControl;
using CapifOrleans.Silo.Control;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>policy set|list|remove</c>: access control policies (29.222 8.6; docs/access-control.md).</summary>
internal static class PolicyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("policy", "Manages access control policies: what an API invoker may invoke of a service API.")
    {
        Set(context),
        List(context),
        Remove(context),
    };

    private static Command Set(CommandContext context)
    {
        var (api, aef, invoker) = Subject();
        var bounds = new PolicyBounds();
        var command = new Command("set", "Sets a policy, in place of what was set before; what is not given has no bound.")
        {
            api, aef, invoker,
        };
        bounds.AddTo(command);
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var apiInvokerId = parsed.GetValue(invoker);
            var setting = new PolicySetting
            {
                Subject = new PolicySubject { ApiId = parsed.GetRequiredValue(api), AefId = parsed.GetValue(aef), ApiInvokerId = apiInvokerId },
                Policy = bounds.Read(parsed, apiInvokerId),
            };
            var outcome = await context.AdministerAsync(options, core => core.SetPolicyAsync(setting, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var (api, _, _) = Subject();
        var command = new Command("list", "Lists the policies of a service API, a JSON object a line; one without apiInvokerId is what later API invokers get.")
        {
            api,
        };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var outcome = await context.AdministerAsync(
                options, core => core.ListPoliciesAsync(parsed.GetRequiredValue(api), cancellationToken), cancellationToken);
            if (!outcome.TryGet(out var report, out var refusal))
                return await context.RefusedAsync(refusal);
            if (report.Default is { } standard)
                await context.Output.WriteLineAsync(Line(new HeldPolicy { Policy = standard }));
            foreach (var held in report.Policies)
                await context.Output.WriteLineAsync(Line(held));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var (api, aef, invoker) = Subject();
        var command = new Command("remove", "Removes a policy that was set; an API invoker is left with what it got by default.") { api, aef, invoker };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var subject = new PolicySubject
            {
                ApiId = parsed.GetRequiredValue(api),
                AefId = parsed.GetValue(aef),
                ApiInvokerId = parsed.GetValue(invoker),
            };
            var outcome = await context.AdministerAsync(options, core => core.RemovePolicyAsync(subject, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static (Argument<string> Api, Option<string?> Aef, Option<string?> Invoker) Subject() => (
        new Argument<string>("service-api") { Description = "The apiId." },
        new Option<string?>("--aef") { Description = "The AEF at which it holds; without it, at all that expose the service API.", HelpName = "aefId" },
        new Option<string?>("--invoker")
        {
            Description = "The API invoker; without it, it is what API invokers get that come to the service API later.",
            HelpName = "apiInvokerId",
        });

    private static string Line(HeldPolicy held) => JsonSerializer.Serialize(held, ControlJson.Lines.HeldPolicy);
}
