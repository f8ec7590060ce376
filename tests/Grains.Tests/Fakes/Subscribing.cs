using CapifOrleans.Events;

namespace CapifOrleans.Grains.Tests;

/// <summary>Subscribing where it does not matter how the subscriber addressed this core function.</summary>
internal static class Subscribing
{
    public const string ApiRoot = "https://capifcore";

    public static Task<Outcome<CreatedSubscription>> SubscribeAsync(
        this IEventSubscriberGrain grain, CallerIdentity subscriber, EventSubscription subscription, CancellationToken cancellationToken) =>
        grain.SubscribeAsync(subscriber, subscription, ApiRoot, cancellationToken);

    public static Task<Outcome<EventSubscription>> UpdateAsync(
        this IEventSubscriberGrain grain, string subscriptionId, EventSubscription subscription, CancellationToken cancellationToken) =>
        grain.UpdateAsync(subscriptionId, subscription, ApiRoot, cancellationToken);
}
