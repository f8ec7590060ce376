using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Security;
using CapifOrleans.Publish;
using Microsoft.AspNetCore.Connections;

namespace CapifOrleans.Aef.Exposure;

/// <summary>
/// One TLS connection of CAPIF-2e. It is whose key or certificate its handshake proved, or whose token came first, and stays that: it acts for
/// nobody else and by no other method.
/// </summary>
internal sealed class InvokerConnection(ConnectionContext connection, InvokerConnections registry)
{
    private readonly Lock _lock = new();
    private (TrustBundle Anchors, CertificateVerdict Verdict)? _judged;
    private bool _closed;

    /// <summary>The API invoker whose AEFPSK the handshake proved; null if none did.</summary>
    public string? PskIdentity { get; init; }

    /// <summary>That key, as it was then.</summary>
    public AefPskKey? PskKey { get; init; }

    /// <summary>The certificate that the peer proved to hold; null if it presented none. Nothing is said of its issuer.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The issuers that were sent along with it.</summary>
    public X509Certificate2Collection Issuers { get; init; } = [];

    /// <summary>The name in it: an apiInvokerId (29.222 8.4.4.2.5), or an aefId.</summary>
    public string? CertificateName { get; init; }

    /// <summary>For whom it acts.</summary>
    public string? ApiInvokerId { get; private set; }

    /// <summary>By which method.</summary>
    public SecurityMethod? Method { get; private set; }

    /// <summary>Makes it act for this API invoker by this method; false if it acts for another one or by another method, or is closed.</summary>
    public bool TryBind(SecurityMethod method, string apiInvokerId)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            if (ApiInvokerId is null)
            {
                (Method, ApiInvokerId) = (method, apiInvokerId);
                registry.Add(apiInvokerId, this);
                return true;
            }

            return Method == method && ApiInvokerId == apiInvokerId;
        }
    }

    /// <summary>What is to be said of the certificate, by these trust anchors. It is judged once.</summary>
    public CertificateVerdict Judge(TrustBundle anchors, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_judged is not { } judged || !ReferenceEquals(judged.Anchors, anchors))
                _judged = judged = (anchors, anchors.Judge(Certificate!, Issuers, now));
            // What was good when the connection was made may have expired since.
            return judged.Verdict == CertificateVerdict.Valid && now.UtcDateTime >= Certificate!.NotAfter.ToUniversalTime()
                ? CertificateVerdict.Expired
                : judged.Verdict;
        }
    }

    /// <summary>Ends it at once, with whatever is on its way (33.122 6.8 step 9).</summary>
    public void Abort() => connection.Abort(new ConnectionAbortedException("The authorization of the API invoker ended."));

    /// <summary>It is gone.</summary>
    public void Closed()
    {
        lock (_lock)
            _closed = true;
        if (ApiInvokerId is { } id)
            registry.Remove(id, this);
    }
}

/// <summary>The open connections of each API invoker.</summary>
internal sealed class InvokerConnections
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<InvokerConnection>> _connections = new(StringComparer.Ordinal);

    /// <summary>Adds one.</summary>
    public void Add(string apiInvokerId, InvokerConnection connection)
    {
        lock (_lock)
        {
            if (!_connections.TryGetValue(apiInvokerId, out var set))
                _connections.Add(apiInvokerId, set = []);
            set.Add(connection);
        }
    }

    /// <summary>Removes one.</summary>
    public void Remove(string apiInvokerId, InvokerConnection connection)
    {
        lock (_lock)
        {
            if (_connections.TryGetValue(apiInvokerId, out var set) && set.Remove(connection) && set.Count == 0)
                _connections.Remove(apiInvokerId);
        }
    }

    /// <summary>Ends all of an API invoker's.</summary>
    public void Close(string apiInvokerId)
    {
        InvokerConnection[] found;
        lock (_lock)
            found = _connections.TryGetValue(apiInvokerId, out var set) ? [.. set] : [];
        foreach (var connection in found)
            connection.Abort();
    }
}
