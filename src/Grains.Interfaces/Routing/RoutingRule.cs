using CapifOrleans.Publish;

namespace CapifOrleans.Routing;

/// <summary>Where invocations from some addresses go (TS 29.222 8.10.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RoutingRule")]
public sealed record RoutingRule
{
    /// <summary>Ipv4 address ranges.</summary>
    [Id(0), JsonPropertyName("ipv4AddrRanges"), MinItems(1)]
    public ImmutableArray<SourceIpv4AddressRange>? Ipv4AddrRanges { get; init; }

    /// <summary>Ipv6 address ranges.</summary>
    [Id(1), JsonPropertyName("ipv6AddrRanges"), MinItems(1)]
    public ImmutableArray<Ipv6AddressRange>? Ipv6AddrRanges { get; init; }

    /// <summary>AEF profile.</summary>
    [Id(2), JsonPropertyName("aefProfile")]
    public required AefProfile AefProfile { get; init; }
}

/// <summary>A range of IPv4 addresses as TS 29.510 6.1.6.2.6 has it: unlike those of UEs (29.571), without required attributes.</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Ipv4AddressRange_1")]
public sealed record SourceIpv4AddressRange
{
    /// <summary>The first address.</summary>
    [Id(0), JsonPropertyName("start"), Pattern(Ipv4AddressRange.Ipv4)]
    public string? Start { get; init; }

    /// <summary>The last address.</summary>
    [Id(1), JsonPropertyName("end"), Pattern(Ipv4AddressRange.Ipv4)]
    public string? End { get; init; }
}
