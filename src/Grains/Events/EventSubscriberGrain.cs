using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>What is stored of a subscriber.</summary>
internal sealed class EventSubscriberState
{
    /// <summary>Its subscriptions, with the events of each.</summary>
    public Dictionary<string, List<CapifEvent>> Subscriptions { get; set; } = [];
}

/// <summary>
/// The subscriptions of one subscriber. A subscription spans this grain, its own and the topics': this one writes first, so that whatever a
/// crash leaves behind is found and removed with the subscriber, and a topic drops a subscription that does not exist.
/// </summary>
[GrainType("event-subscriber")]
internal sealed class EventSubscriberGrain([PersistentState("subscriber", GrainStorage.Name)] IPersistentState<EventSubscriberState> state)
    : Grain, IEventSubscriberGrain
{
    private const int MaxSubscriptions = 100;
    private static readonly Refusal Unknown = Refusal.NotFound("There is no such subscription.", "SUBSCRIPTION_NOT_FOUND");

    // What a merge patch may change (29.222 8.3.4.2.10).
    private static readonly string[] Patchable = ["events", "eventFilters", "eventReq", "notificationDestination"];

    /// <inheritdoc/>
    public async Task<Outcome<CreatedSubscription>> SubscribeAsync(
        CallerIdentity subscriber, EventSubscription subscription, CancellationToken cancellationToken)
    {
        if (EventRules.Check(subscriber, subscription) is { } refusal)
            return refusal;
        if (state.State.Subscriptions.Count >= MaxSubscriptions)
            return Refusal.Of(ErrorKind.TooMany, $"A subscriber has at most {MaxSubscriptions} subscriptions.", "INSUFFICIENT_RESOURCES");
        var subscriptionId = Guid.NewGuid().ToString("N");
        var accepted = subscription with { SupportedFeatures = subscription.SupportedFeatures?.Intersect(EventRules.Features) };
        await StoreAsync(subscriptionId, new SubscriptionRecord { Subscriber = subscriber, Subscription = accepted }, cancellationToken);
        return new CreatedSubscription { SubscriptionId = subscriptionId, Subscription = accepted };
    }

    /// <inheritdoc/>
    public async Task<Outcome<EventSubscription>> UpdateAsync(string subscriptionId, EventSubscription subscription, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscriptionId, cancellationToken) is not { } record)
            return Unknown;
        if (EventRules.Check(record.Subscriber, subscription) is { } refusal)
            return refusal;
        var accepted = subscription with { SupportedFeatures = subscription.SupportedFeatures?.Intersect(EventRules.Features) };
        await StoreAsync(subscriptionId, record with { Subscription = accepted }, cancellationToken);
        return accepted;
    }

    /// <inheritdoc/>
    public async Task<Outcome<EventSubscription>> PatchAsync(string subscriptionId, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscriptionId, cancellationToken) is not { } record)
            return Unknown;
        if (!MergePatch.TryApply(record.Subscription, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        if (touched.FirstOrDefault(name => !Patchable.Contains(name)) is { } forbidden)
            return Refusal.OfAttribute(forbidden, "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        return await UpdateAsync(subscriptionId, patched, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        if (!state.State.Subscriptions.ContainsKey(subscriptionId))
            return Unknown;
        await RemoveAsync(subscriptionId, cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        foreach (var subscriptionId in state.State.Subscriptions.Keys.ToList())
            await RemoveAsync(subscriptionId, cancellationToken);
        if (state.RecordExists)
            await state.ClearStateAsync();
    }

    private async Task<SubscriptionRecord?> FindAsync(string subscriptionId, CancellationToken cancellationToken) =>
        state.State.Subscriptions.ContainsKey(subscriptionId)
            ? await GrainFactory.GetGrain<IEventSubscriptionGrain>(subscriptionId).GetAsync(cancellationToken)
            : null;

    private async Task StoreAsync(string subscriptionId, SubscriptionRecord record, CancellationToken cancellationToken)
    {
        var before = state.State.Subscriptions.GetValueOrDefault(subscriptionId) ?? [];
        var events = record.Subscription.Events;
        // Old and new events both, so that nothing is lost of either if this is interrupted.
        state.State.Subscriptions[subscriptionId] = [.. before.Union(events)];
        await state.WriteStateAsync();
        await GrainFactory.GetGrain<IEventSubscriptionGrain>(subscriptionId).PutAsync(record, cancellationToken);
        for (var index = 0; index < events.Length; index++)
        {
            var filter = record.Subscription.EventFilters is { } filters && index < filters.Length ? filters[index] : null;
            await PendingEvents.Topic(GrainFactory, events[index]).SubscribeAsync(subscriptionId, filter, cancellationToken);
        }

        foreach (var ended in before.Except(events).ToList())
            await PendingEvents.Topic(GrainFactory, ended).UnsubscribeAsync(subscriptionId, cancellationToken);
    }

    private async Task RemoveAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        foreach (var capifEvent in state.State.Subscriptions[subscriptionId])
            await PendingEvents.Topic(GrainFactory, capifEvent).UnsubscribeAsync(subscriptionId, cancellationToken);
        await GrainFactory.GetGrain<IEventSubscriptionGrain>(subscriptionId).RemoveAsync(cancellationToken);
        state.State.Subscriptions.Remove(subscriptionId);
        await state.WriteStateAsync();
    }
}
