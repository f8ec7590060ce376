using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>What the description of a peer must be.</summary>
public static class PeerRules
{
    private const int LongestCcfId = 64;
    private const int MostAnchors = 16;
    private const int MostDomains = 64;

    /// <summary>Whether this can be a ccfId here: it goes into paths, names of certificates and keys.</summary>
    public static bool IsCcfId(string text) =>
        text.Length is > 0 and <= LongestCcfId && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <summary>Why a description is refused; null when it is not.</summary>
    internal static Refusal? Check(InterconnectedCcf ccf, string? ownCcfId)
    {
        if (!IsCcfId(ccf.CcfId))
            return Refusal.OfAttribute("ccfId", $"must be 1 to {LongestCcfId} of A-Z, a-z, 0-9, '.', '_', '-', and begin with a letter or digit");
        if (ccf.CcfId == ownCcfId)
            return Refusal.OfAttribute("ccfId", "is this core function's own");
        if (!IsAddress(ccf.Address))
            return Refusal.OfAttribute("address", "must be https://host:port, without user, path, query or fragment");
        if (ccf.CapifProvDoms.Length is 0 or > MostDomains || ccf.CapifProvDoms.Any(domain => domain.Length is 0 or > 256))
            return Refusal.OfAttribute("capifProvDoms", $"must be 1 to {MostDomains} names, none empty or longer than 256");
        if (ccf.CertificateName is { Length: 0 or > 256 })
            return Refusal.OfAttribute("certificateName", "must be a URI or DNS name");
        return CheckAnchors(ccf.TrustAnchors);
    }

    /// <summary>https, a host and perhaps a port; nothing that could carry a credential or lead elsewhere.</summary>
    internal static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps && address.Host.Length > 0 && address.UserInfo.Length == 0
        && address.AbsolutePath == "/" && address.Query.Length == 0 && address.Fragment.Length == 0;

    private static Refusal? CheckAnchors(string pem)
    {
        X509Certificate2Collection anchors;
        try
        {
            anchors = PeerCertificateCheck.Anchors(pem);
        }
        catch (CryptographicException)
        {
            return Refusal.OfAttribute("trustAnchors", "cannot be read as PEM certificates");
        }

        if (anchors.Count is 0 or > MostAnchors)
            return Refusal.OfAttribute("trustAnchors", $"must have 1 to {MostAnchors} certificates");
        foreach (var anchor in anchors)
        {
            if (!anchor.SubjectName.RawData.AsSpan().SequenceEqual(anchor.IssuerName.RawData))
                return Refusal.OfAttribute("trustAnchors", $"'{anchor.Subject}' is not self-signed; give the root certificate");
        }

        return null;
    }
}
