using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Grains.Events;

/// <summary>Options of notifications.</summary>
public sealed class NotificationOptions
{
    /// <summary>How long one attempt may take. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long an undelivered notification is given up. Default 1 day.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The most notifications that wait for one destination; past it the oldest is given up. Default 10,000.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>The longest time between two attempts. Default 5 min.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether destinations may be this machine or a private network. Default true; the operator of a public one says no.</summary>
    public bool AllowPrivateDestinations { get; init; } = true;

    /// <summary>
    /// The certificate by which the core function proves to receivers that ask for one that a notification is its own; null for none. Whoever has
    /// the listeners' certificate sets it.
    /// </summary>
    public Func<X509Certificate2?>? ClientCertificate { get; set; }

    /// <summary>How long discoveries are counted in memory before the counts are written. Default 1 s.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether notifications may be sent to this address. Never: link-local, where clouds keep the metadata of a machine, multicast and
    /// unspecified. By <see cref="AllowPrivateDestinations"/>: loopback, private (RFC 1918, RFC 6598) and unique local (RFC 4193).
    /// </summary>
    public bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var octets = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any)
                && (AllowPrivateDestinations || !(IPAddress.IsLoopback(address) || address.IsIPv6SiteLocal || (octets[0] & 0xfe) == 0xfc));
        }

        return octets is not ([169, 254, ..] or [0, ..] or [>= 224, ..])
            && (AllowPrivateDestinations
                || octets is not ([127, ..] or [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [100, >= 64 and < 128, ..]));
    }
}
