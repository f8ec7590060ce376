using CapifOrleans.Compatibility;
using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>What is stored of a subscriber.</summary>
internal sealed class EventSubscriberState
{
    /// <summary>Its subscriptions, with the events of each.</summary>
    public Dictionary<string, List<CapifEvent>> Subscriptions { get; set; } = [];

    /// <summary>Those of them whose making has not ended: whoever asked for them was never answered.</summary>
    public HashSet<string> Unfinished { get; set; } = [];
}

/// <summary>
/// The subscriptions of one subscriber. A subscription spans this grain, its own and the topics': this one writes first, so that whatever a
/// crash leaves behind is found and removed with the subscriber, and a topic drops a subscription that does not exist.
/// </summary>
[GrainType("event-subscriber")]
internal sealed class EventSubscriberGrain(
    [PersistentState("subscriber", GrainStorage.Name)] IPersistentState<EventSubscriberState> state, CompatibilityProfile profile)
    : Grain, IEventSubscriberGrain
{
    private const int MaxSubscriptions = 100;
    private static readonly Refusal NotFound = Refusal.NotFound("There is no such subscription.", "SUBSCRIPTION_NOT_FOUND");

    // What a merge patch may change (29.222 8.3.4.2.10).
    private static readonly string[] Patchable = ["events", "eventFilters", "eventReq", "notificationDestination"];

    /// <inheritdoc/>
    public async Task<Outcome<CreatedSubscription>> SubscribeAsync(
        CallerIdentity subscriber, EventSubscription subscription, string apiRoot, CancellationToken cancellationToken)
    {
        if (EventRules.Check(subscriber, subscription, profile) is { } refusal)
            return refusal;
        await RemoveUnfinishedAsync(cancellationToken);
        if (state.State.Subscriptions.Count >= MaxSubscriptions)
            return Refusal.Of(ErrorKind.TooMany, $"A subscriber has at most {MaxSubscriptions} subscriptions.", "INSUFFICIENT_RESOURCES");
        var subscriptionId = Guid.NewGuid().ToString("N");
        var accepted = EventRules.Accept(subscription, null, profile);
        state.State.Unfinished.Add(subscriptionId);
        var record = new SubscriptionRecord { Subscriber = subscriber, Subscription = accepted, TestLink = Link(apiRoot, subscriptionId), BeginsReporting = true };
        await StoreAsync(subscriptionId, record, cancellationToken);
        state.State.Unfinished.Remove(subscriptionId);
        await state.WriteStateAsync();
        return new CreatedSubscription { SubscriptionId = subscriptionId, Subscription = accepted };
    }

    /// <inheritdoc/>
    public async Task<Outcome<EventSubscription>> UpdateAsync(
        string subscriptionId, EventSubscription subscription, string apiRoot, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscriptionId, cancellationToken) is not { } record)
            return Unknown;
        var outcome = await ReplaceAsync(
            subscriptionId, record, subscription, Link(apiRoot, subscriptionId), beginsReporting: true, cancellationToken);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<Outcome<EventSubscription>> PatchAsync(string subscriptionId, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscriptionId, cancellationToken) is not { } record)
            return Unknown;
        if (!MergePatch.TryApply(record.Subscription, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        if (touched.FirstOrDefault(name => !Patchable.Contains(name) && !VendorSpecificAttributes.IsName(name)) is { } forbidden)
            return Refusal.OfAttribute(forbidden, "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        // The test was asked for when it was created, or by a PUT; the websocket cannot be patched.
        return await ReplaceAsync(subscriptionId, record, patched, null, beginsReporting: touched.Contains("eventReq"), cancellationToken);
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

    private Refusal Unknown => profile.UnknownSubscription ?? NotFound;

    private string Link(string apiRoot, string subscriptionId) =>
        $"{apiRoot}/capif-events/v1/{this.GetPrimaryKeyString()}/subscriptions/{subscriptionId}";

    private async Task<Outcome<EventSubscription>> ReplaceAsync(
        string subscriptionId, SubscriptionRecord record, EventSubscription asked, string? testLink, bool beginsReporting, CancellationToken cancellationToken)
    {
        var current = record.Subscription;
        if (EventRules.Check(record.Subscriber, asked, profile) is { } refusal)
            return refusal;
        if (testLink is not null
            && NotificationFeature.Check(NotificationFeature.Negotiate(asked.SupportedFeatures, profile.EventFeatures ?? EventRules.Features), asked.WebsockNotifConfig, current.WebsockNotifConfig)
                is { } second)
        {
            return second;
        }

        var accepted = EventRules.Accept(asked, current, profile);
        if (testLink is null)
            accepted = accepted with { WebsockNotifConfig = current.WebsockNotifConfig };
        await StoreAsync(
            subscriptionId, record with { Subscription = accepted, TestLink = testLink, BeginsReporting = beginsReporting }, cancellationToken);
        return accepted;
    }

    /// <summary>Nobody knows the identifiers of these, so nobody could ever end them: a crash must not count against the bound for ever.</summary>
    private async Task RemoveUnfinishedAsync(CancellationToken cancellationToken)
    {
        foreach (var subscriptionId in state.State.Unfinished.ToList())
            await RemoveAsync(subscriptionId, cancellationToken);
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
            await PendingEvents.Topic(GrainFactory, events[index]).SubscribeAsync(
                subscriptionId, EventRules.FilterOf(record.Subscription, index), cancellationToken);
        }

        foreach (var ended in before.Except(events).ToList())
            await PendingEvents.Topic(GrainFactory, ended).UnsubscribeAsync(subscriptionId, cancellationToken);
    }

    private async Task RemoveAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        foreach (var capifEvent in state.State.Subscriptions.GetValueOrDefault(subscriptionId) ?? [])
            await PendingEvents.Topic(GrainFactory, capifEvent).UnsubscribeAsync(subscriptionId, cancellationToken);
        await GrainFactory.GetGrain<IEventSubscriptionGrain>(subscriptionId).RemoveAsync(cancellationToken);
        state.State.Subscriptions.Remove(subscriptionId);
        state.State.Unfinished.Remove(subscriptionId);
        await state.WriteStateAsync();
    }
}
