using CapifOrleans.Events;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>
/// Features 1 and 2 of CAPIF_Events_API, CAPIF_API_Invoker_Management_API and CAPIF_Security_API, which all take from 29.122 5.2.5: test
/// notifications and delivery over websockets. Whoever has a notificationDestination negotiates here, keeps the accepted
/// <see cref="WebsockNotifConfig"/> with it, and puts notifications into an <see cref="Outbox"/> with <see cref="OutboxEntry.Channel"/>.
/// </summary>
internal static class NotificationFeature
{
    /// <summary>Notification_test_event.</summary>
    public const int TestEvent = 1;

    /// <summary>Notification_websocket.</summary>
    public const int Websocket = 2;

    /// <summary>The path of websocketUris; the frontend puts scheme and host before it.</summary>
    public const string Path = "/capif-notifications/v1/";

    /// <summary>29.122 5.2.5.4: a second websocketUri for the same resource is refused; null where nothing is to be refused.</summary>
    /// <param name="negotiated">The features of the resource as it is to be.</param>
    /// <param name="requested">What the client asks for.</param>
    /// <param name="current">What the resource has; null for a new one.</param>
    public static Refusal? Check(SupportedFeatures? negotiated, WebsockNotifConfig? requested, WebsockNotifConfig? current) =>
        negotiated?.Has(Websocket) == true && requested?.RequestWebsocketUri == true && current?.WebsocketUri is not null && !IsSame(requested, current)
            ? Refusal.OfAttribute(
                "websockNotifConfig.requestWebsocketUri", "there is a websocketUri already", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED")
            : null;

    /// <summary>The configuration to keep: with a websocketUri (its path) where one was asked for. Without feature 2 there is none.</summary>
    public static WebsockNotifConfig? Accept(SupportedFeatures? negotiated, WebsockNotifConfig? requested, WebsockNotifConfig? current)
    {
        if (requested is null || negotiated?.Has(Websocket) != true)
            return null;
        if (current?.WebsocketUri is not null && IsSame(requested, current))
            return current;
        // Only this core function makes addresses of its own.
        return requested with { WebsocketUri = requested.RequestWebsocketUri == true ? Path + Guid.NewGuid().ToString("N") : null };
    }

    /// <summary>The channel of an accepted configuration; null where notifications are posted.</summary>
    public static string? ChannelOf(WebsockNotifConfig? accepted) => accepted?.WebsocketUri?[Path.Length..];

    /// <summary>Opens the channel of <paramref name="after"/> and closes that of <paramref name="before"/>, where they differ. Idempotent.</summary>
    public static async Task SwitchAsync(
        IGrainFactory grains, string ownerId, WebsockNotifConfig? before, WebsockNotifConfig? after, CancellationToken cancellationToken)
    {
        if (ChannelOf(after) is { } opened)
            await grains.GetGrain<INotificationChannelGrain>(opened).OpenAsync(ownerId, cancellationToken);
        if (ChannelOf(before) is { } closed && closed != ChannelOf(after))
            await grains.GetGrain<INotificationChannelGrain>(closed).CloseAsync(cancellationToken);
    }

    /// <summary>The test notification (29.122 5.2.5.3) as an entry of the resource's outbox; null where none is wanted.</summary>
    /// <param name="isRequested">requestTestNotification.</param>
    /// <param name="negotiated">The resource's features.</param>
    /// <param name="subscription">The resource's absolute URI.</param>
    /// <param name="destination">Its notificationDestination.</param>
    /// <param name="channel">Its channel, if it has one.</param>
    /// <param name="now">The time.</param>
    public static OutboxEntry? Test(
        bool? isRequested, SupportedFeatures? negotiated, string subscription, string destination, string? channel, DateTimeOffset now) =>
        isRequested == true && negotiated?.Has(TestEvent) == true
            ? new OutboxEntry
            {
                Id = "test-" + Guid.NewGuid().ToString("N"),
                Destination = destination,
                Channel = channel,
                Body = WireJson.SerializeToUtf8Bytes(new TestNotification { Subscription = subscription }),
                EnqueuedAt = now,
            }
            : null;

    /// <summary>What is negotiated of these two: the second needs the first (29.122 table 5.4-1).</summary>
    public static SupportedFeatures? Negotiate(SupportedFeatures? asked, SupportedFeatures built) => asked is { } features
        ? features.Intersect(features.Has(TestEvent) ? built : built.Intersect(WithoutWebsocket))
        : null;

    private static SupportedFeatures WithoutWebsocket { get; } = SupportedFeatures.Of([.. Enumerable.Range(1, 32).Where(one => one != Websocket)]);

    private static bool IsSame(WebsockNotifConfig requested, WebsockNotifConfig current) =>
        requested.WebsocketUri is { } uri && uri.EndsWith(current.WebsocketUri!, StringComparison.Ordinal);
}
