using CapifOrleans.Events;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Events;

/// <summary>CAPIF_Events_API (29.222 8.3).</summary>
internal static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOperation(OperationTable.SubscribeEvent, SubscribeAsync);
        endpoints.MapOperation(OperationTable.UpdateEventSubscription, UpdateAsync);
        endpoints.MapOperation(OperationTable.PatchEventSubscription, PatchAsync);
        endpoints.MapOperation(OperationTable.UnsubscribeEvent, UnsubscribeAsync);
    }

    private static async Task SubscribeAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<EventSubscription>(context) is not { } body)
            return;
        var outcome = await Subscriber(context).SubscribeAsync(context.Caller, body, Answer.ApiRoot(context.Http), CancellationToken.None);
        if (!outcome.TryGet(out var created, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"/capif-events/v1/{context.Path("subscriberId")}/subscriptions/{created.SubscriptionId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, Answered(context, created.Subscription));
    }

    private static async Task UpdateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<EventSubscription>(context) is { } body)
            await AnswerAsync(context, await Subscriber(context).UpdateAsync(context.Path("subscriptionId"), body, Answer.ApiRoot(context.Http), CancellationToken.None));
    }

    private static async Task PatchAsync(OperationContext context)
    {
        if (await WireBody.ReadPatchAsync(context) is { } patch)
            await AnswerAsync(context, await Subscriber(context).PatchAsync(context.Path("subscriptionId"), patch, CancellationToken.None));
    }

    private static async Task UnsubscribeAsync(OperationContext context)
    {
        var outcome = await Subscriber(context).UnsubscribeAsync(context.Path("subscriptionId"), CancellationToken.None);
        await (outcome.Refusal is { } refusal
            ? ProblemWriter.RefuseAsync(context.Http, refusal)
            : Answer.Empty(context.Http, StatusCodes.Status204NoContent));
    }

    private static IEventSubscriberGrain Subscriber(OperationContext context) => context.Grains.GetGrain<IEventSubscriberGrain>(context.Path("subscriberId"));

    private static EventSubscription Answered(OperationContext context, EventSubscription subscription) =>
        subscription with { WebsockNotifConfig = NotificationEndpoints.Absolute(context.Http, subscription.WebsockNotifConfig) };

    private static Task AnswerAsync(OperationContext context, Outcome<EventSubscription> outcome) => outcome.TryGet(out var value, out var refusal)
        ? Answer.CurrentAsync(context.Http, Answered(context, value))
        : ProblemWriter.RefuseAsync(context.Http, refusal);
}
