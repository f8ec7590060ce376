namespace CapifOrleans.Publish;

/// <summary>Ranges of UE addresses (TS 29.222 8.2.4.2.14).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.IpAddrRange")]
public sealed record IpAddrRange
{
    /// <summary>UE ipv4 address ranges.</summary>
    [Id(0), JsonPropertyName("ueIpv4AddrRanges"), MinItems(1)]
    public ImmutableArray<Ipv4AddressRange>? UeIpv4AddrRanges { get; init; }

    /// <summary>UE ipv6 address ranges.</summary>
    [Id(1), JsonPropertyName("ueIpv6AddrRanges"), MinItems(1)]
    public ImmutableArray<Ipv6AddressRange>? UeIpv6AddrRanges { get; init; }
}
