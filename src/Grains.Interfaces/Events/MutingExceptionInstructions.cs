namespace CapifOrleans.Events;

/// <summary>What to do when a muted subscription overflows (29.571 5.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.MutingExceptionInstructions")]
public sealed record MutingExceptionInstructions
{
    /// <summary>Buffered notifs.</summary>
    [Id(0), JsonPropertyName("bufferedNotifs")]
    public BufferedNotificationsAction? BufferedNotifs { get; init; }

    /// <summary>Subscription.</summary>
    [Id(1), JsonPropertyName("subscription")]
    public SubscriptionAction? Subscription { get; init; }
}
