using System.Net;
using System.Net.Sockets;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>
/// Bounds the failed log-ins from one remote address (an IPv6 one by its /64), whatever names they try. An attempt counts from its start, so
/// that many at once do not slip through, and is taken back when it succeeds.
/// </summary>
internal sealed class AddressLimiter(TimeProvider time)
{
    /// <summary>Failures that an address may have within <see cref="Period"/>.</summary>
    public const int MostFailures = 30;

    /// <summary>After this time without an attempt an address starts anew.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private const int MostAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Attempts> _addresses = [];

    /// <summary>Begins an attempt; false when the address has had too many.</summary>
    public bool TryBegin(IPAddress? address)
    {
        var now = time.GetUtcNow();
        var key = Key(address);
        lock (_lock)
        {
            if (!_addresses.TryGetValue(key, out var attempts) || now - attempts.Since > Period)
            {
                MakeRoom(now);
                _addresses[key] = new Attempts(1, now);
                return true;
            }

            if (attempts.Count >= MostFailures)
                return false;
            _addresses[key] = attempts with { Count = attempts.Count + 1 };
            return true;
        }
    }

    /// <summary>The attempt was no failed log-in after all.</summary>
    public void TakeBack(IPAddress? address)
    {
        var key = Key(address);
        lock (_lock)
        {
            if (!_addresses.TryGetValue(key, out var attempts))
                return;
            if (attempts.Count <= 1)
                _addresses.Remove(key);
            else
                _addresses[key] = attempts with { Count = attempts.Count - 1 };
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_addresses.Count < MostAddresses)
            return;
        foreach (var (address, attempts) in _addresses)
        {
            if (now - attempts.Since > Period)
                _addresses.Remove(address);
        }

        // A flood from everywhere: the accounts' own locks still hold.
        if (_addresses.Count >= MostAddresses)
            _addresses.Clear();
    }

    private static IPAddress Key(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }

    private readonly record struct Attempts(int Count, DateTimeOffset Since);
}
