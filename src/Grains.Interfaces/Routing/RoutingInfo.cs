namespace CapifOrleans.Routing;

/// <summary>Where the invocations of a service API go that come to the AEF which hides its topology (TS 29.222 8.10.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RoutingInfo")]
public sealed record RoutingInfo
{
    /// <summary>The rules, those for some source addresses before those for any.</summary>
    [Id(0), JsonPropertyName("routingRules"), MinItems(1)]
    public required ImmutableArray<RoutingRule> RoutingRules { get; init; }
}
