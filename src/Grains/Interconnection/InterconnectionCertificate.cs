using System.Net.Security;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// What this core function presents to peers, as server and as client: it names the ccfId. It is made when it is first asked for, and made anew
/// when a third of its life is left; connections already made keep theirs.
/// </summary>
public sealed class InterconnectionCertificate(
    CertificateAuthorityStore store, ICertificateIssuer issuer, InterconnectionOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _current;
    private DateTimeOffset _lookAt;

    /// <summary>The certificate with its private key and chain.</summary>
    /// <exception cref="InvalidOperationException">This core function is interconnected with none.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (_current is null || now >= _lookAt)
                {
                    Renew();
                    _lookAt = now + LookEvery;
                }

                return _current!;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.TargetCertificate.Dispose();

    private void Renew()
    {
        var certificate = store.CoreFunctionCertificate(
            issuer, options.CcfId ?? throw new InvalidOperationException("This core function has no ccfId (--ccf-id)."));
        if (certificate.Thumbprint == _current?.TargetCertificate.Thumbprint)
        {
            certificate.Dispose();
            return;
        }

        // The old one is not disposed: handshakes may be using it.
        _current = SslStreamCertificateContext.Create(certificate, [store.Issuing], offline: true);
    }
}
