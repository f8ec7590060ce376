using System.CommandLine;
using System.Text.Json;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Control;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>onboarding list|approve|refuse</c>: API invokers whose onboarding or update waits for the operator (29.222 5.5.2.2.2).</summary>
internal static class OnboardingCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("onboarding", "Decides on API invokers that wait for approval (onboarding-approval, user add --needs-approval).")
    {
        List(context),
        Decide(context, "approve", "Approves a request: the API invoker is onboarded, or updated, and told.", (core, id, cancel) => core.ApproveOnboardingAsync(id, cancel)),
        Decide(context, "refuse", "Refuses a request: the API invoker is told; nothing of an onboarding is left.", (core, id, cancel) => core.RefuseOnboardingAsync(id, cancel)),
    };

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the requests that wait, the oldest first, each as a line of JSON.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var waiting = await context.AdministerAsync(context.Options(parsed), core => core.ListOnboardingsAsync(cancellationToken), cancellationToken);
            // What an API invoker says of itself is anybody's text: JSON lets none of it control a terminal.
            foreach (var one in waiting)
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(one, ControlJson.Lines.PendingEnrolment));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Decide(
        CommandContext context, string name, string help, Func<IAdministration, string, CancellationToken, Task<Outcome>> decide)
    {
        var request = new Argument<string>("request") { Description = "The requestId that list shows." };
        var command = new Command(name, help) { request };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var outcome = await context.AdministerAsync(
                context.Options(parsed), core => decide(core, parsed.GetRequiredValue(request), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }
}
