using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// The HTTPS connections to peers: mutual TLS with our certificate, and with the peer's pinned to its trust anchor; no redirects, no proxy, no
/// cookies. What is known of a peer changes: then its connections are made anew.
/// </summary>
internal sealed class PeerConnections(InterconnectionCertificate own, InterconnectionOptions options, TimeProvider time) : IDisposable
{
    private const int MostOctets = 8 * 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);

    /// <summary>The client of a peer, and its breaker.</summary>
    public (HttpClient Http, PeerBreaker Breaker) Of(InterconnectedCcf ccf)
    {
        var certificate = own.Current;
        // All that decides whom a connection may lead to.
        var description = string.Join('\n', [
            ccf.Address, ccf.Name, ccf.TrustAnchors, certificate.TargetCertificate.Thumbprint, .. ccf.RevokedSerialNumbers]);
        lock (_lock)
        {
            if (_peers.TryGetValue(ccf.CcfId, out var known))
            {
                if (known.Description == description)
                    return (known.Http, known.Breaker);
                // Requests that are under way end by themselves; their connections are not used again.
                known.Http.CancelPendingRequests();
                known.Http.Dispose();
            }

            var made = new Peer(description, Create(ccf, certificate), new PeerBreaker(options, time));
            _peers[ccf.CcfId] = made;
            return (made.Http, made.Breaker);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var peer in _peers.Values)
                peer.Http.Dispose();
            _peers.Clear();
        }
    }

    private HttpClient Create(InterconnectedCcf ccf, SslStreamCertificateContext certificate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 16,
        // A certificate that expires or is revoked is noticed at the latest then.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, presented, chain, errors) => IsPeer(ccf, presented, chain, errors),
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostOctets,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private bool IsPeer(InterconnectedCcf ccf, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors)
    {
        // The address's host name must be in it as well: TLS's own rule (RFC 9110 4.3.4).
        if (presented is not X509Certificate2 certificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        var sent = chain?.ChainPolicy.ExtraStore ?? [];
        return PeerCertificateCheck.Check(ccf, certificate, sent, PeerCertificateCheck.Server, time.GetUtcNow()) is null;
    }

    private sealed record Peer(string Description, HttpClient Http, PeerBreaker Breaker);
}
