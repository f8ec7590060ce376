namespace CapifOrleans.Events;

/// <summary>The subscriptions of one subscriber (API invoker, AMF, APF or AEF). The key is the subscriberId.</summary>
[Alias("capif.IEventSubscriberGrain")]
public interface IEventSubscriberGrain : IGrainWithStringKey
{
    /// <summary>Subscribes (29.222 5.4.2.2); the answer carries the subscriptionId.</summary>
    /// <param name="subscriber">Who subscribes.</param>
    /// <param name="subscription">What is asked for.</param>
    /// <param name="apiRoot">Scheme and authority as the subscriber addressed them, for the link of a test notification.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("Subscribe")]
    Task<Outcome<CreatedSubscription>> SubscribeAsync(CallerIdentity subscriber, EventSubscription subscription, string apiRoot, CancellationToken cancellationToken);

    /// <summary>Replaces a subscription (29.222 5.4.2.5).</summary>
    [Alias("Update")]
    Task<Outcome<EventSubscription>> UpdateAsync(string subscriptionId, EventSubscription subscription, string apiRoot, CancellationToken cancellationToken);

    /// <summary>Applies a merge patch (RFC 7396).</summary>
    [Alias("Patch")]
    Task<Outcome<EventSubscription>> PatchAsync(string subscriptionId, ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>Unsubscribes (29.222 5.4.2.3).</summary>
    [Alias("Unsubscribe")]
    Task<Outcome> UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken);

    /// <summary>Removes all, as the subscriber itself is gone. Idempotent.</summary>
    [Alias("RemoveAll")]
    Task RemoveAllAsync(CancellationToken cancellationToken);
}

/// <summary>A subscription as it was accepted.</summary>
[GenerateSerializer, Immutable, Alias("capif.CreatedSubscription")]
public sealed record CreatedSubscription
{
    /// <summary>Its identifier.</summary>
    [Id(0)]
    public required string SubscriptionId { get; init; }

    /// <summary>The representation to answer with.</summary>
    [Id(1)]
    public required EventSubscription Subscription { get; init; }
}
