namespace CapifOrleans.Events;

/// <summary>All subscriptions to one event. The key is the event's wire name.</summary>
[Alias("capif.IEventTopicGrain")]
public interface IEventTopicGrain : IGrainWithStringKey
{
    /// <summary>Adds or replaces a subscription, with its filter for this event.</summary>
    [Alias("Subscribe")]
    Task SubscribeAsync(string subscriptionId, CapifEventFilter? filter, CancellationToken cancellationToken);

    /// <summary>Removes a subscription. Idempotent.</summary>
    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken);

    /// <summary>Whether anybody subscribed; from memory.</summary>
    [Alias("HasSubscribers")]
    Task<bool> HasSubscribersAsync(CancellationToken cancellationToken);

    /// <summary>Puts the occurrence into the durable outbox of every subscription whose filter lets it through. Durable when it returns.</summary>
    [Alias("Publish")]
    Task PublishAsync(EventOccurrence occurrence, CancellationToken cancellationToken);
}
