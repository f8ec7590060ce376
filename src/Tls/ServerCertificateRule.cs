using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Tls;

/// <summary>What a client accepts by default: a chain to its roots, for TLS servers, of the name that it wanted (RFC 9525).</summary>
internal sealed class ServerCertificateRule(OpenSslClientOptions options)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    internal bool Accept(PeerVerification peer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(options.TrustedRoots);
        chain.ChainPolicy.ExtraStore.AddRange(peer.Chain);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = options.Time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        var accepted = options.TrustedRoots.Count > 0
            && peer.Certificate.MatchesHostname(options.TargetHost)
            && chain.Build(peer.Certificate);
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        return accepted;
    }
}
