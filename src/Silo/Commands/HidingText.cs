using System.Globalization;
using System.Net;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Silo.Commands;

/// <summary>How interfaces and addresses are written on the command line.</summary>
internal static class HidingText
{
    /// <summary>An interface: <c>host[:port][/prefix]</c>, an IPv6 address in brackets.</summary>
    /// <exception cref="StartFailure">It is none.</exception>
    public static InterfaceDescription Interface(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (authority, prefix) = slash < 0 ? (text, null) : (text[..slash], text[slash..]);
        if (!Uri.TryCreate("https://" + authority, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0)
            throw new StartFailure($"--interface: '{text}' is none; give it as gateway.example.net:443/prefix, 192.0.2.1:443 or [2001:db8::1]:443.");
        var hasPort = authority.LastIndexOf(':') > authority.LastIndexOf(']');
        var described = new InterfaceDescription { Port = hasPort ? uri.Port : null, ApiPrefix = prefix };
        return uri.HostNameType switch
        {
            UriHostNameType.IPv4 => described with { Ipv4Addr = uri.Host },
            UriHostNameType.IPv6 => described with { Ipv6Addr = uri.Host.Trim('[', ']') },
            _ => described with { Fqdn = uri.Host },
        };
    }

    /// <summary>A security method by its wire name.</summary>
    /// <exception cref="StartFailure">It is none.</exception>
    public static SecurityMethod SecurityMethod(string text) => WireNames.Find<SecurityMethod>(text.ToUpperInvariant())
        ?? throw new StartFailure($"--security-method: '{text}' is none of PSK, PKI, OAUTH.");

    /// <summary>Whether addresses are of IPv6.</summary>
    public static bool IsIpv6(string text) => text.Contains(':', StringComparison.Ordinal);

    /// <summary>A range of IPv4 addresses.</summary>
    /// <exception cref="StartFailure">It is none.</exception>
    public static Ipv4AddressRange Ipv4Range(string text)
    {
        var (start, end) = Range(text);
        return new Ipv4AddressRange { Start = start, End = end };
    }

    /// <summary>A range of IPv6 addresses.</summary>
    /// <exception cref="StartFailure">It is none.</exception>
    public static Ipv6AddressRange Ipv6Range(string text)
    {
        var (start, end) = Range(text);
        return new Ipv6AddressRange { Start = start, End = end };
    }

    private static (string Start, string End) Range(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return (network.BaseAddress.ToString(), Last(network).ToString());
        var ends = text.Split('-');
        if (ends.Length <= 2 && IPAddress.TryParse(ends[0], out var start) && IPAddress.TryParse(ends[^1], out var end)
            && start.AddressFamily == end.AddressFamily)
        {
            return (start.ToString(), end.ToString());
        }

        throw new StartFailure(string.Create(
            CultureInfo.InvariantCulture, $"--source: '{text}' is neither an address, a network as 10.0.0.0/8, nor a range as 10.0.0.1-10.0.0.9."));
    }

    private static IPAddress Last(IPNetwork network)
    {
        var octets = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < octets.Length * 8; bit++)
            octets[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return new IPAddress(octets);
    }
}
