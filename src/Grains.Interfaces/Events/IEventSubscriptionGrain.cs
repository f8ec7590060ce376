namespace CapifOrleans.Events;

/// <summary>One subscription with its outbox. The key is the subscriptionId.</summary>
[Alias("capif.IEventSubscriptionGrain")]
public interface IEventSubscriptionGrain : IGrainWithStringKey
{
    /// <summary>Stores the subscription as it was accepted, or replaces it.</summary>
    [Alias("Put")]
    Task PutAsync(SubscriptionRecord record, CancellationToken cancellationToken);

    /// <summary>The subscription; null when there is none.</summary>
    [Alias("Get")]
    Task<SubscriptionRecord?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Removes the subscription and what is still in its outbox. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(CancellationToken cancellationToken);

    /// <summary>Puts an occurrence into the outbox; durable when it returns. False when there is no such subscription any more.</summary>
    [Alias("Enqueue")]
    Task<bool> EnqueueAsync(EventOccurrence occurrence, CancellationToken cancellationToken);
}

/// <summary>A subscription with whose it is.</summary>
[GenerateSerializer, Immutable, Alias("capif.SubscriptionRecord")]
public sealed record SubscriptionRecord
{
    /// <summary>The subscriber.</summary>
    [Id(0)]
    public required CallerIdentity Subscriber { get; init; }

    /// <summary>The subscription.</summary>
    [Id(1)]
    public required EventSubscription Subscription { get; init; }

    /// <summary>The absolute URI of the subscription as the subscriber addressed it, for a test notification; null where none is wanted now.</summary>
    [Id(2)]
    public string? TestLink { get; init; }

    /// <summary>Whether this is the subscriber's own change: reporting begins anew, and an immediate report is due where it is asked for.</summary>
    [Id(3)]
    public bool BeginsReporting { get; init; }
}
