namespace CapifOrleans.Pki;

/// <summary>
/// What a frontend without a silo asks of the certification authority (any one, key 0): whom to trust, the public halves of the keys that sign
/// tokens, and its own certificate. So no frontend has a private key other than its own. Only frontends reach it: clients of the cluster,
/// by its mutual TLS.
/// </summary>
[Alias("capif.IFrontendTrustGrain")]
public interface IFrontendTrustGrain : IGrainWithIntegerKey
{
    /// <summary>Whom to trust, and the JWK set.</summary>
    [Alias("Get")]
    Task<FrontendTrust> GetAsync(CancellationToken cancellationToken);

    /// <summary>Certifies a listener's key: PEM of the certificate, then of the issuing one. Refused where the request cannot be read.</summary>
    /// <param name="csr">The request (PKCS #10, PEM).</param>
    /// <param name="hosts">DNS names and addresses of the listener.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("IssueServer")]
    Task<Outcome<ServerCertificateText>> IssueServerAsync(string csr, ImmutableArray<string> hosts, CancellationToken cancellationToken);
}

/// <summary>What is public of the certification authority.</summary>
[GenerateSerializer, Immutable, Alias("capif.FrontendTrust")]
public sealed record FrontendTrust
{
    /// <summary>The root certificate, PEM.</summary>
    [Id(0)]
    public required string Root { get; init; }

    /// <summary>The issuing certificate, PEM.</summary>
    [Id(1)]
    public required string Issuing { get; init; }

    /// <summary>Issuers of third parties' certificates that the operator trusts, PEM each.</summary>
    [Id(2)]
    public required ImmutableArray<string> TrustedIssuers { get; init; }

    /// <summary>The JWK set (RFC 7517).</summary>
    [Id(3)]
    public required string JwkSet { get; init; }
}

/// <summary>A listener's certificate.</summary>
[GenerateSerializer, Immutable, Alias("capif.ServerCertificateText")]
public sealed record ServerCertificateText
{
    /// <summary>The certificate, then the issuing one, PEM.</summary>
    [Id(0)]
    public required string Pem { get; init; }

    /// <summary>When it expires.</summary>
    [Id(1)]
    public required DateTimeOffset ExpiresAt { get; init; }
}
