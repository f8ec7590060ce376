using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Events;

/// <summary>What a topic stores.</summary>
internal sealed class EventTopicState
{
    /// <summary>The subscriptions with their filters.</summary>
    public Dictionary<string, CapifEventFilter?> Subscriptions { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("event-topic")]
internal sealed class EventTopicGrain([PersistentState("topic", GrainStorage.Name)] IPersistentState<EventTopicState> state) : Grain, IEventTopicGrain
{
    /// <inheritdoc/>
    public async Task SubscribeAsync(string subscriptionId, CapifEventFilter? filter, CancellationToken cancellationToken)
    {
        state.State.Subscriptions[subscriptionId] = filter;
        await state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        if (state.State.Subscriptions.Remove(subscriptionId))
            await state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public Task<bool> HasSubscribersAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Subscriptions.Count > 0);

    /// <inheritdoc/>
    public async Task PublishAsync(EventOccurrence occurrence, CancellationToken cancellationToken)
    {
        if (state.State.Subscriptions.Count == 0)
            return;
        var wanted = state.State.Subscriptions.Where(one => EventRules.Lets(one.Value, occurrence)).Select(one => one.Key).ToList();
        var gone = (await Task.WhenAll(wanted.Select(async id =>
            (Id: id, Found: await GrainFactory.GetGrain<IEventSubscriptionGrain>(id).EnqueueAsync(occurrence, cancellationToken)))))
            .Where(one => !one.Found).ToList();
        if (gone.Count == 0)
            return;
        // Left behind by a removal that was interrupted.
        foreach (var (id, _) in gone)
            state.State.Subscriptions.Remove(id);
        await state.WriteStateAsync();
    }
}
