using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Grains.Events;

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(EventTopicState))]
[JsonSerializable(typeof(EventSubscriptionState))]
[JsonSerializable(typeof(EventSubscriberState))]
internal sealed partial class EventsStateContext : JsonSerializerContext;

/// <summary>Registers what events need.</summary>
internal static class EventServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddEventsGrains(this IServiceCollection services) => services
        .AddSingleton<IJsonTypeInfoResolver>(EventsStateContext.Default)
        .AddSingleton(new NotificationOptions())
        .AddSingleton<INotificationSender, HttpNotificationSender>()
        .AddSingleton<OutboxMeter>()
        .AddSingleton<OutboxServices>();
}
