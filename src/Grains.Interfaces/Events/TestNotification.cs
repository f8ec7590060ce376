namespace CapifOrleans.Events;

/// <summary>Sent where a subscriber asked for a test of its destination (29.122 5.2.1.2.9, 5.2.5.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.TestNotification")]
public sealed record TestNotification
{
    /// <summary>The resource that asked for it, an absolute URI.</summary>
    [Id(0), JsonPropertyName("subscription")]
    public required string Subscription { get; init; }
}
