using CapifOrleans.Pki;

namespace CapifOrleans.Grains.Pki;

/// <inheritdoc/>
[StatelessWorker]
[GrainType("frontend-trust")]
internal sealed class FrontendTrustGrain(CertificateAuthorityStore store, ICertificateIssuer issuer, ITokenSigningKeys keys) : Grain, IFrontendTrustGrain
{
    /// <inheritdoc/>
    public Task<FrontendTrust> GetAsync(CancellationToken cancellationToken) => Task.FromResult(new FrontendTrust
    {
        Root = store.Root.ExportCertificatePem() + "\n",
        Issuing = store.Issuing.ExportCertificatePem() + "\n",
        TrustedIssuers = [.. store.TrustedIssuers.Select(one => one.ExportCertificatePem() + "\n")],
        JwkSet = keys.JwkSetText,
    });

    /// <inheritdoc/>
    public Task<Outcome<ServerCertificateText>> IssueServerAsync(string csr, ImmutableArray<string> hosts, CancellationToken cancellationToken) =>
        Task.FromResult(Issue(csr, hosts));

    private Outcome<ServerCertificateText> Issue(string csr, ImmutableArray<string> hosts)
    {
        if (!SubjectPublicKey.TryParse(csr, out var key, out var reason))
            return Refusal.OfAttribute("csr", reason);
        if (hosts.IsDefaultOrEmpty)
            return Refusal.OfAttribute("hosts", "is empty: a server's certificate names its DNS names or addresses");
        var issued = issuer.IssueServer([.. hosts], key.Key, SerialNumber.NewRandom());
        return new ServerCertificateText { Pem = issued.Pem, ExpiresAt = issued.ExpiresAt };
    }
}
