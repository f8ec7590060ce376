namespace CapifOrleans.Discover;

/// <summary>The IP address of a UE (TS 29.222 8.1.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.IpAddrInfo"), ExactlyOneOf("ipv4Addr", "ipv6Addr")]
public sealed record IpAddrInfo
{
    /// <summary>IPv4 address.</summary>
    [Id(0), JsonPropertyName("ipv4Addr")]
    public string? Ipv4Addr { get; init; }

    /// <summary>IPv6 address.</summary>
    [Id(1), JsonPropertyName("ipv6Addr")]
    public string? Ipv6Addr { get; init; }
}
