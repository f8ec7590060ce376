using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Tls;

/// <summary>TLS of a client. One instance serves many connections, and does so faster than many instances.</summary>
public sealed class OpenSslClientOptions
{
    private readonly Lock _lock = new();
    private OpenSslContext? _context;
    private bool _released;

    /// <summary>The server's name (or address), which its certificate must bear; also sent to it (SNI) if it is a name.</summary>
    public required string TargetHost { get; init; }

    /// <summary>The roots that a server's certificate must chain to; none means none, not the system's.</summary>
    public X509Certificate2Collection TrustedRoots { get; init; } = [];

    /// <summary>Judges the server's certificate in place of <see cref="TrustedRoots"/> and <see cref="TargetHost"/>.</summary>
    public PeerVerifier? Verify { get; init; }

    /// <summary>The client certificate with its private key, if the server wants one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The issuers that are sent along with it.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <summary>
    /// The pre-shared key to offer, asked for at every handshake. With one, a server that does not take it is refused: in TLS 1.2 only
    /// suites with it are offered, in TLS 1.3 a certificate is no answer to it.
    /// </summary>
    public Func<PskCredential?>? Psk { get; init; }

    /// <summary>The TLS versions: TLS 1.2, 1.3 or both.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>ALPN, the preferred first.</summary>
    public IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; init; } = [SslApplicationProtocol.Http11];

    /// <summary>
    /// Called right after the handshake, before anything is sent: the place to read session id, master secret and exporter, since a
    /// connection may be closed at any time after.
    /// </summary>
    public Action<ITlsSessionFeature>? Connected { get; init; }

    /// <summary>A handshake that takes longer is given up.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of time-outs and of certificates' validity.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal OpenSslContext Context()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_released, this);
            return _context ??= OpenSslContext.ForClient(this);
        }
    }

    /// <summary>
    /// Lets OpenSSL's copy of the private key go, as soon as no connection needs it, rather than when this is collected. There are no further
    /// handshakes by these options; connections that are open stay so.
    /// </summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
            _context?.Handle.Dispose();
        }
    }
}
