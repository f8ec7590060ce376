using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace CapifOrleans.Tls;

/// <summary>
/// TLS of a running listener. Replace changes what handshakes begin with from then on; connections already made, and
/// handshakes under way, keep theirs.
/// </summary>
public sealed class OpenSslServer
{
    private volatile OpenSslContext _context;

    /// <summary>Takes certificate and key over into OpenSSL.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">OpenSSL refuses the certificate or key.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public OpenSslServer(OpenSslServerOptions options)
    {
        Options = options;
        _context = OpenSslContext.ForServer(options);
    }

    /// <summary>What it was last given.</summary>
    public OpenSslServerOptions Options { get; private set; }

    /// <summary>Presents another certificate, or goes by other rules, from the next handshake on.</summary>
    public void Replace(OpenSslServerOptions options)
    {
        _context = OpenSslContext.ForServer(options);
        Options = options;
    }

    /// <summary>Presents another certificate from the next handshake on, all else as it was.</summary>
    public void Replace(X509Certificate2 certificate, X509Certificate2Collection chain) => Replace(new OpenSslServerOptions
    {
        Certificate = certificate,
        Chain = chain,
        ClientCertificateMode = Options.ClientCertificateMode,
        Verify = Options.Verify,
        PskLookup = Options.PskLookup,
        ApplicationProtocols = Options.ApplicationProtocols,
        HandshakeTimeout = Options.HandshakeTimeout,
        Time = Options.Time,
    });

    internal OpenSslSession NewSession(ConnectionContext? connection) => new(_context, serverName: null, connection);
}
