namespace CapifOrleans.Events;

/// <summary>A notification of an event (TS 29.222 8.3.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.EventNotification")]
public sealed record EventNotification
{
    /// <summary>Subscription identifier.</summary>
    [Id(0), JsonPropertyName("subscriptionId")]
    public required string SubscriptionId { get; init; }

    /// <summary>Events.</summary>
    [Id(1), JsonPropertyName("events")]
    public required CapifEvent Events { get; init; }

    /// <summary>Event detail.</summary>
    [Id(2), JsonPropertyName("eventDetail")]
    public CapifEventDetail? EventDetail { get; init; }
}
