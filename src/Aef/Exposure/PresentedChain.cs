using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls;

namespace CapifOrleans.Aef.Exposure;

/// <summary>The issuers that a peer sent along with its certificate: none of them is trusted, they help to find the way to a root.</summary>
/// <param name="Certificates">Copies: what the handshake had is gone with it.</param>
internal sealed record PresentedChain(X509Certificate2Collection Certificates)
{
    /// <summary>Lets a handshake go on, and keeps them with the connection.</summary>
    public static bool Keep(PeerVerification peer)
    {
        if (peer.Chain.Count == 0)
            return true;
        var copies = new X509Certificate2Collection();
        foreach (var certificate in peer.Chain)
            copies.Add(X509CertificateLoader.LoadCertificate(certificate.RawData));
        peer.Connection!.Features.Set(new PresentedChain(copies));
        return true;
    }
}
