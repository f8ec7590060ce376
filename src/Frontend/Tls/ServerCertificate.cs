using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Frontend.Tls;

/// <summary>The certificate that the listeners present. It can be replaced while they run; connections already made keep theirs.</summary>
public sealed class ServerCertificate
{
    private volatile SslStreamCertificateContext _current;

    /// <summary>The certificate with its private key, and the chain that is sent with it.</summary>
    public ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) => _current = Create(certificate, chain);

    /// <summary>What new handshakes present.</summary>
    public SslStreamCertificateContext Current => _current;

    /// <summary>Called after <see cref="Current"/> became another, for listeners that keep a form of their own of it.</summary>
    public event Action? Replaced;

    /// <summary>Presents another certificate from now on.</summary>
    public void Replace(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        _current = Create(certificate, chain);
        Replaced?.Invoke();
    }

    // Offline: the chain is what we give, nothing is fetched.
    private static SslStreamCertificateContext Create(X509Certificate2 certificate, X509Certificate2Collection chain) =>
        SslStreamCertificateContext.Create(certificate, chain, offline: true);
}
