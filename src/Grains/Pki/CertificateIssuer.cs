using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Grains.Pki;

/// <summary>Signs by the issuing authority's key.</summary>
internal sealed class CertificateIssuer : ICertificateIssuer, IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);
    private readonly CertificateAuthorityStore _store;
    private readonly SigningKeyPool _keys;
    private readonly PkiOptions _options;
    private readonly TimeProvider _time;
    private readonly X509Extension _authorityKey;
    private readonly string _issuingPem;

    public CertificateIssuer(CertificateAuthorityStore store, PkiOptions options, TimeProvider time)
    {
        _store = store;
        _keys = new SigningKeyPool(store.IssuingKey);
        _options = options;
        _time = time;
        _authorityKey = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(store.Issuing, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        _issuingPem = store.Issuing.ExportCertificatePem() + "\n";
        TrustBundlePem = store.Root.ExportCertificatePem() + "\n" + _issuingPem;
    }

    /// <inheritdoc/>
    public string TrustBundlePem { get; }

    /// <inheritdoc/>
    public IssuedCertificate Issue(CertificateKind kind, string id, SubjectPublicKey key, string serialNumber) =>
        Sign(CertificateProfile.Party(kind, id, key.Key), serialNumber);

    /// <inheritdoc/>
    public IssuedCertificate IssueServer(IReadOnlyList<string> hosts, PublicKey key, string serialNumber) =>
        Sign(CertificateProfile.Server(hosts, key), serialNumber);

    /// <inheritdoc/>
    public IssuedCertificate IssueCoreFunction(string ccfId, IReadOnlyList<string> hosts, PublicKey key, string serialNumber) =>
        Sign(CertificateProfile.CoreFunction(ccfId, hosts, key), serialNumber);

    /// <inheritdoc/>
    public byte[] SignRevocationList(IEnumerable<(string SerialNumber, DateTimeOffset RevokedAt)> revoked, long number, DateTimeOffset nextUpdate)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var (serialNumber, revokedAt) in revoked)
            builder.AddEntry(Convert.FromHexString(serialNumber), revokedAt, X509RevocationReason.CessationOfOperation);
        return _keys.Use((builder, number, nextUpdate, Self: this), static (key, list) => list.builder.Build(
            list.Self._store.Issuing.SubjectName, X509SignatureGenerator.CreateForECDsa(key), list.number, list.nextUpdate, HashAlgorithmName.SHA256,
            (X509AuthorityKeyIdentifierExtension)list.Self._authorityKey, list.Self._time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public bool IsTrustedThirdParty(X509Certificate2 certificate)
    {
        if (_store.TrustedIssuers.Count == 0)
            return false;
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(_store.TrustedIssuers);
        return chain.Build(certificate);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private IssuedCertificate Sign(CertificateRequest request, string serialNumber)
    {
        request.CertificateExtensions.Add(_authorityKey);
        var now = _time.GetUtcNow();
        var last = new DateTimeOffset(_store.Issuing.NotAfter.ToUniversalTime());
        var expires = now + _options.LeafValidity < last ? now + _options.LeafValidity : last;
        var certificate = _keys.Use(
            (request, serialNumber, now, expires, Self: this),
            static (key, leaf) => CertificateEncoder.Sign(
                leaf.request, leaf.Self._store.Issuing.SubjectName, key, Convert.FromHexString(leaf.serialNumber), leaf.now - Slack, leaf.expires));
        return new IssuedCertificate(
            PemEncoding.WriteString("CERTIFICATE", certificate) + "\n" + _issuingPem, Convert.ToHexString(SHA256.HashData(certificate)), expires);
    }
}
