using CapifOrleans.Routing;

namespace CapifOrleans.Events;

/// <summary>The routing rules of a service API whose topology is hidden (TS 29.222 8.3.4.2.7).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.TopologyHiding")]
public sealed record TopologyHiding
{
    /// <summary>API identifier.</summary>
    [Id(0), JsonPropertyName("apiId")]
    public required string ApiId { get; init; }

    /// <summary>Routing rules.</summary>
    [Id(1), JsonPropertyName("routingRules"), MinItems(1)]
    public required ImmutableArray<RoutingRule> RoutingRules { get; init; }
}
