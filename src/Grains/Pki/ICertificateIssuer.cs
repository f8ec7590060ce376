using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Grains.Pki;

/// <summary>Signs certificates by the issuing authority. It keeps nothing: whoever asks has the serial number on record before.</summary>
public interface ICertificateIssuer
{
    /// <summary>The issuing certificate and the root, as PEM.</summary>
    string TrustBundlePem { get; }

    /// <summary>Issues a certificate to a party of CAPIF.</summary>
    IssuedCertificate Issue(CertificateKind kind, string id, SubjectPublicKey key, string serialNumber);

    /// <summary>Issues a certificate to a server.</summary>
    IssuedCertificate IssueServer(IReadOnlyList<string> hosts, PublicKey key, string serialNumber);

    /// <summary>Issues a certificate to this core function for its peers: server and client, by its ccfId.</summary>
    IssuedCertificate IssueCoreFunction(string ccfId, IReadOnlyList<string> hosts, PublicKey key, string serialNumber);

    /// <summary>Signs a revocation list (RFC 5280 5).</summary>
    byte[] SignRevocationList(IEnumerable<(string SerialNumber, DateTimeOffset RevokedAt)> revoked, long number, DateTimeOffset nextUpdate);

    /// <summary>Whether this third party's certificate may stand for an API invoker (33.122 6.1 NOTE 2): its issuer is one that the operator trusts.</summary>
    bool IsTrustedThirdParty(X509Certificate2 certificate);
}

/// <summary>A certificate as it was issued.</summary>
/// <param name="Pem">The certificate, then the issuing one.</param>
/// <param name="Thumbprint">Its SHA-256, upper-case hexadecimal.</param>
/// <param name="ExpiresAt">When it expires.</param>
public sealed record IssuedCertificate(string Pem, string Thumbprint, DateTimeOffset ExpiresAt);
