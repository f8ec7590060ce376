using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Connections;

namespace CapifOrleans.Frontend.Tls;

/// <summary>What the check of a client certificate's chain, validity and purpose said. Revocation is asked of the grains, later.</summary>
public enum ClientCertificateVerdict
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>It is good.</summary>
    Valid,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It is not valid yet.</summary>
    NotYetValid,

    /// <summary>It does not chain to an issuer that is trusted here.</summary>
    Untrusted,

    /// <summary>It is not for TLS clients.</summary>
    WrongPurpose,
}

/// <summary>Which client certificates are accepted: those of our own issuing authority, and those of issuers that the operator trusts.</summary>
/// <param name="root">Our root.</param>
/// <param name="issuing">Our issuing certificate, which clients need not send.</param>
/// <param name="trustedIssuers">The operator's trusted issuers of third parties' certificates (33.122 6.1 NOTE 2).</param>
/// <param name="time">The clock.</param>
public sealed class ClientCertificatePolicy(
    X509Certificate2 root, X509Certificate2 issuing, X509Certificate2Collection trustedIssuers, TimeProvider time)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private readonly byte[] _issuingKey = issuing.PublicKey.ExportSubjectPublicKeyInfo();

    /// <summary>How the TLS stack builds the chain: to these roots only, and without a look at the network.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.Add(root);
        policy.CustomTrustStore.AddRange(trustedIssuers);
        policy.ExtraStore.Add(issuing);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        return policy;
    }

    /// <summary>Judges a certificate by the chain that was built for it under <see cref="ChainPolicy"/>.</summary>
    public ClientCertificateVerdict Judge(X509Certificate2 certificate, X509Chain? chain)
    {
        if (chain is null || chain.ChainElements.Count == 0)
            return ClientCertificateVerdict.Untrusted;
        var found = X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus)
            found |= status.Status;
        const X509ChainStatusFlags Time = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.CtlNotTimeValid;
        const X509ChainStatusFlags Purpose = X509ChainStatusFlags.NotValidForUsage;
        // An untrusted certificate that has also expired is above all untrusted.
        if ((found & ~(Time | Purpose)) != 0)
            return ClientCertificateVerdict.Untrusted;
        // A third party's issuer, or another below the operator's root, could copy the name and serial number of a certificate of ours.
        if (!IsIssuedHere(chain) && CertificateSubject.Read(certificate).Kind != SubjectKind.Unknown)
            return ClientCertificateVerdict.Untrusted;
        if ((found & Time) != 0)
            return time.GetUtcNow().UtcDateTime < certificate.NotBefore.ToUniversalTime() ? ClientCertificateVerdict.NotYetValid : ClientCertificateVerdict.Expired;
        return (found & Purpose) != 0 ? ClientCertificateVerdict.WrongPurpose : ClientCertificateVerdict.Valid;
    }

    private bool IsIssuedHere(X509Chain chain) =>
        chain.ChainElements.Count > 1
        && chain.ChainElements[1].Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_issuingKey);
}
