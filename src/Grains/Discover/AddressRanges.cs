using System.Net;
using System.Net.Sockets;
using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>Ranges of IP addresses (29.571 5.2.4, 29.222 8.10.4.2.4): from the start to the end, both included.</summary>
internal static class AddressRanges
{
    /// <summary>ue-ip-addr: whether the ranges of a profile hold the UE's address. A profile without ranges holds none.</summary>
    public static bool Contain(IpAddrRange? ranges, IpAddrInfo ue) => ue switch
    {
        { Ipv4Addr: { } address } => (ranges?.UeIpv4AddrRanges ?? []).Any(range => Contains(range.Start, range.End, address, AddressFamily.InterNetwork)),
        { Ipv6Addr: { } address } => (ranges?.UeIpv6AddrRanges ?? []).Any(range => Contains(range.Start, range.End, address, AddressFamily.InterNetworkV6)),
        _ => false,
    };

    /// <summary>What is wrong with a range; null when nothing is.</summary>
    public static string? Fault(string start, string end, AddressFamily family)
    {
        if (Parse(start, family) is not { } first || Parse(end, family) is not { } last)
            return family == AddressFamily.InterNetwork ? "must have IPv4 addresses" : "must have IPv6 addresses";
        return Compare(first, last) > 0 ? "must not end before it starts" : null;
    }

    /// <summary>An address of that family in its usual notation (no zone, no port); null where the text is none.</summary>
    public static byte[]? Parse(string text, AddressFamily family) =>
        !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
        && IPAddress.TryParse(text, out var address) && address.AddressFamily == family
        // 010 and 1.2 are read by .NET in ways that nobody means.
        && (family != AddressFamily.InterNetwork || address.ToString() == text)
            ? address.GetAddressBytes()
            : null;

    private static bool Contains(string start, string end, string address, AddressFamily family) =>
        Parse(address, family) is { } one && Parse(start, family) is { } first && Parse(end, family) is { } last
        && Compare(first, one) <= 0 && Compare(one, last) <= 0;

    private static int Compare(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other);
}
