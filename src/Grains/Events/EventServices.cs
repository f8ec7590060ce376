using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapifOrleans.Grains.Events;

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(EventTopicState))]
[JsonSerializable(typeof(EventSubscriptionState))]
[JsonSerializable(typeof(EventSubscriberState))]
[JsonSerializable(typeof(NotificationChannelState))]
[JsonSerializable(typeof(DiscoveryCountsState))]
internal sealed partial class EventsStateContext : JsonSerializerContext;

/// <summary>Registers what events need.</summary>
internal static class EventServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddEventsGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new NotificationOptions());
        return services
            .AddSingleton<IJsonTypeInfoResolver>(EventsStateContext.Default)
            .AddSingleton<INotificationSender, HttpNotificationSender>()
            .AddSingleton<OutboxMeter>()
            .AddSingleton<OutboxServices>()
            .AddSingleton<CurrentState>();
    }
}
