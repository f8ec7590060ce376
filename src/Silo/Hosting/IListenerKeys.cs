using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Hosting;

/// <summary>What the public listeners need of the certification authority: their certificate, whom to trust, and the public keys of tokens.</summary>
internal interface IListenerKeys : IAsyncDisposable
{
    /// <summary>What the listeners present; renewed while they run.</summary>
    ServerCertificate Certificate { get; }

    /// <summary>When that expires.</summary>
    DateTimeOffset ExpiresAt { get; }

    /// <summary>The root certificate.</summary>
    X509Certificate2 Root { get; }

    /// <summary>The issuing certificate.</summary>
    X509Certificate2 Issuing { get; }

    /// <summary>Both of them, root first, as PEM.</summary>
    string TrustBundlePem => Root.ExportCertificatePem() + "\n" + Issuing.ExportCertificatePem() + "\n";

    /// <summary>Issuers of third parties' certificates that the operator trusts.</summary>
    X509Certificate2Collection TrustedIssuers { get; }

    /// <summary>The JWK set, as UTF-8 JSON.</summary>
    ReadOnlyMemory<byte> JwkSet { get; }

    /// <summary>Where the root certificate lies.</summary>
    string RootFile { get; }
}

/// <summary>Of the certification authority in this process.</summary>
internal sealed class OwnListenerKeys(CertificateAuthorityStore store, ICertificateIssuer issuer, ITokenSigningKeys keys, TimeProvider time, ILogger<ServerCertificateRenewal> logger)
    : IListenerKeys
{
    private readonly ServerCertificateRenewal _renewal = new(store, issuer, time, logger);

    /// <inheritdoc/>
    public ServerCertificate Certificate => _renewal.Certificate;

    /// <inheritdoc/>
    public DateTimeOffset ExpiresAt => _renewal.ExpiresAt;

    /// <inheritdoc/>
    public X509Certificate2 Root => store.Root;

    /// <inheritdoc/>
    public X509Certificate2 Issuing => store.Issuing;

    /// <inheritdoc/>
    public X509Certificate2Collection TrustedIssuers => store.TrustedIssuers;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> JwkSet => keys.JwkSet;

    /// <inheritdoc/>
    public string RootFile => store.RootFile;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _renewal.DisposeAsync();
}
