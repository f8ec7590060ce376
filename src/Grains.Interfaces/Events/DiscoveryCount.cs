namespace CapifOrleans.Events;

/// <summary>How often service APIs were discovered (TS 29.222 8.3.4.2.9).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.DiscoveryCount")]
public sealed record DiscoveryCount
{
    /// <summary>API identifiers.</summary>
    [Id(0), JsonPropertyName("apiIds"), MinItems(1)]
    public required ImmutableArray<string> ApiIds { get; init; }

    /// <summary>Discovery request count.</summary>
    [Id(1), JsonPropertyName("discoveryReqCount"), MinItems(1)]
    public ImmutableArray<int>? DiscoveryReqCount { get; init; }

    /// <summary>Discovery rsp count.</summary>
    [Id(2), JsonPropertyName("discoveryRspCount"), MinItems(1)]
    public ImmutableArray<int>? DiscoveryRspCount { get; init; }
}
