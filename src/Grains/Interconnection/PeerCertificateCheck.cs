using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// Whether a certificate is a peer's: its chain ends at one of the peer's own trust anchors and nowhere else, it is valid now and for this
/// purpose, it has the peer's name, and it was not revoked (33.122 6.6; pinning is ours).
/// </summary>
internal static class PeerCertificateCheck
{
    /// <summary>id-kp-clientAuth: the peer calls.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <summary>id-kp-serverAuth: the peer is called.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why a certificate is not the peer's; null when it is.</summary>
    public static Refusal? Check(InterconnectedCcf ccf, X509Certificate2 certificate, X509Certificate2Collection sent, string purpose, DateTimeOffset now)
    {
        var flags = ChainStatus(ccf, certificate, sent, purpose, now);
        const X509ChainStatusFlags Time = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.CtlNotTimeValid;
        // What does not come from the peer's authority is above all that, whatever else is wrong with it.
        if ((flags & ~(Time | X509ChainStatusFlags.NotValidForUsage)) != 0)
            return Refuse("The certificate does not chain to the trust anchor that is registered for this core function.", "PEER_CERTIFICATE_UNTRUSTED");
        if (!CertificateNames.Read(certificate).Contains(ccf.Name, StringComparer.OrdinalIgnoreCase))
            return Refuse("The certificate does not name this core function.", "PEER_CERTIFICATE_WRONG_NAME");
        if ((flags & Time) != 0)
            return Refuse("The certificate is not valid now.", "PEER_CERTIFICATE_EXPIRED");
        if ((flags & X509ChainStatusFlags.NotValidForUsage) != 0)
            return Refuse("The certificate is not for this end of TLS.", "PEER_CERTIFICATE_WRONG_PURPOSE");
        return ccf.RevokedSerialNumbers.Contains(certificate.SerialNumber)
            ? Refuse("The certificate was revoked.", "PEER_CERTIFICATE_REVOKED")
            : null;
    }

    /// <summary>The certificates of a PEM text.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static X509Certificate2Collection Anchors(string pem)
    {
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPem(pem);
        return anchors;
    }

    private static X509ChainStatusFlags ChainStatus(
        InterconnectedCcf ccf, X509Certificate2 certificate, X509Certificate2Collection sent, string purpose, DateTimeOffset now)
    {
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = now.UtcDateTime,
                VerificationTimeIgnored = false,
            },
        };
        var anchors = Anchors(ccf.TrustAnchors);
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        chain.Build(certificate);
        var flags = chain.ChainElements.Count == 0 ? X509ChainStatusFlags.PartialChain : X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus)
            flags |= status.Status;
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        foreach (var anchor in anchors)
            anchor.Dispose();
        return flags;
    }

    private static Refusal Refuse(string detail, string cause) => Refusal.Of(ErrorKind.Unauthenticated, detail, cause);
}
