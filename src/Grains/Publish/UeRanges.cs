using System.Net.Sockets;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>What <c>ueIpRange</c> must be (29.222 8.2.4.2.14): some ranges, each from one address to one that is not before it.</summary>
internal static class UeRanges
{
    /// <summary>Why a profile's ranges are refused; null when they are not.</summary>
    public static Refusal? Check(AefProfile profile, string path)
    {
        if (profile.UeIpRange is not { } ranges)
            return null;
        if (ranges is { UeIpv4AddrRanges: null, UeIpv6AddrRanges: null })
            return Wrong($"{path}.ueIpRange", "must have ueIpv4AddrRanges or ueIpv6AddrRanges");
        var ipv4 = ranges.UeIpv4AddrRanges ?? [];
        for (var index = 0; index < ipv4.Length; index++)
        {
            if (AddressRanges.Fault(ipv4[index].Start, ipv4[index].End, AddressFamily.InterNetwork) is { } fault)
                return Wrong($"{path}.ueIpRange.ueIpv4AddrRanges[{index}]", fault);
        }

        var ipv6 = ranges.UeIpv6AddrRanges ?? [];
        for (var index = 0; index < ipv6.Length; index++)
        {
            if (AddressRanges.Fault(ipv6[index].Start, ipv6[index].End, AddressFamily.InterNetworkV6) is { } fault)
                return Wrong($"{path}.ueIpRange.ueIpv6AddrRanges[{index}]", fault);
        }

        return null;
    }

    private static Refusal Wrong(string attribute, string reason) => Refusal.OfAttribute(attribute, reason, cause: "OPTIONAL_IE_INCORRECT");
}
