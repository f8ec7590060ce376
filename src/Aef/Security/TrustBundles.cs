using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Aef.Security;

/// <summary>What certificates must chain to: roots, and issuers below them that help to build a chain.</summary>
internal sealed class TrustBundle
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private TrustBundle(X509Certificate2Collection roots, X509Certificate2Collection issuers)
    {
        Roots = roots;
        Issuers = issuers;
    }

    /// <summary>The roots.</summary>
    public X509Certificate2Collection Roots { get; }

    /// <summary>Issuers below them.</summary>
    public X509Certificate2Collection Issuers { get; }

    /// <summary>Reads PEM; null where there is no root in it.</summary>
    public static TrustBundle? Read(string pem)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        var issuers = new X509Certificate2Collection();
        foreach (var certificate in all)
            (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : issuers).Add(certificate);
        return roots.Count == 0 ? null : new TrustBundle(roots, issuers);
    }

    /// <summary>Judges the certificate of a TLS client whose handshake proved that it has the key.</summary>
    public CertificateVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection presented, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Roots);
        chain.ChainPolicy.ExtraStore.AddRange(Issuers);
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        var valid = chain.Build(certificate);
        var found = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        if (valid)
            return CertificateVerdict.Valid;
        // An untrusted certificate that has also expired is above all untrusted.
        if ((found & ~(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage)) != 0)
            return CertificateVerdict.Untrusted;
        return (found & X509ChainStatusFlags.NotTimeValid) != 0 ? CertificateVerdict.Expired : CertificateVerdict.WrongPurpose;
    }
}

/// <summary>What is to be said of a client certificate.</summary>
internal enum CertificateVerdict
{
    /// <summary>It chains to a trusted root, is in time and for TLS clients.</summary>
    Valid,

    /// <summary>It does not chain to a trusted root.</summary>
    Untrusted,

    /// <summary>Its time is over, or has not come.</summary>
    Expired,

    /// <summary>It is not for TLS clients.</summary>
    WrongPurpose,
}

/// <summary>The trust bundles that the core function named: few texts, for many API invokers.</summary>
internal sealed class TrustBundles
{
    private const int Most = 64;
    private readonly ConcurrentDictionary<string, TrustBundle?> _known = new(StringComparer.Ordinal);

    /// <summary>The bundle of this PEM text; null where it is none.</summary>
    public TrustBundle? Read(string pem)
    {
        if (_known.TryGetValue(pem, out var bundle))
            return bundle;
        if (_known.Count >= Most)
            _known.Clear();
        return _known.GetOrAdd(pem, TrustBundle.Read);
    }
}
