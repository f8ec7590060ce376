using CapifOrleans.Publish;

namespace CapifOrleans.Routing;

/// <summary>Where invocations from some addresses go (TS 29.222 8.10.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RoutingRule")]
public sealed record RoutingRule
{
    /// <summary>Ipv4 address ranges.</summary>
    [Id(0), JsonPropertyName("ipv4AddrRanges"), MinItems(1)]
    public ImmutableArray<Ipv4AddressRange>? Ipv4AddrRanges { get; init; }

    /// <summary>Ipv6 address ranges.</summary>
    [Id(1), JsonPropertyName("ipv6AddrRanges"), MinItems(1)]
    public ImmutableArray<Ipv6AddressRange>? Ipv6AddrRanges { get; init; }

    /// <summary>AEF profile.</summary>
    [Id(2), JsonPropertyName("aefProfile")]
    public required AefProfile AefProfile { get; init; }
}
