using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Pki;

/// <summary>What the certificates of this core function say, along TS 33.310 6.1: one method a kind of certificate.</summary>
internal static class CertificateProfile
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A certification authority: the root, or the issuing one below it.</summary>
    public static CertificateRequest Authority(string commonName, ECDsa key, int? pathLength)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={commonName}, O=CapifOrleans"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    /// <summary>
    /// A party of CAPIF: common name and URI are its identifier (29.222 8.4.4.2.5). An AEF is a server on CAPIF-2e as well.
    /// </summary>
    public static CertificateRequest Party(CertificateKind kind, string id, PublicKey key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(kind switch
        {
            CertificateKind.ApiInvoker => "urn:capif:api-invoker:" + id,
            CertificateKind.Superadmin => "urn:capif:superadmin:" + id,
            _ => "urn:capif:api-provider-function:" + id,
        }));
        return Leaf(id, key, names, kind == CertificateKind.Aef ? [ClientAuthentication, ServerAuthentication] : [ClientAuthentication]);
    }

    /// <summary>A server, by its DNS names and addresses.</summary>
    public static CertificateRequest Server(IReadOnlyList<string> hosts, PublicKey key) =>
        Leaf(hosts[0], key, Names(hosts), [ServerAuthentication, ClientAuthentication]);

    /// <summary>A core function on CAPIF-6 and 6e: a server by its names, and both ends by the URI that has its ccfId.</summary>
    public static CertificateRequest CoreFunction(string ccfId, IReadOnlyList<string> hosts, PublicKey key)
    {
        var names = Names(hosts);
        names.AddUri(new Uri(InterconnectedCcf.UrnOf(ccfId)));
        return Leaf(ccfId, key, names, [ServerAuthentication, ClientAuthentication]);
    }

    private static SubjectAlternativeNameBuilder Names(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        return names;
    }

    private static CertificateRequest Leaf(string commonName, PublicKey key, SubjectAlternativeNameBuilder names, string[] purposes)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var usages = new OidCollection();
        foreach (var purpose in purposes)
            usages.Add(new Oid(purpose));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        return request;
    }
}

/// <summary>Whom a certificate is for.</summary>
public enum CertificateKind
{
    /// <summary>An API invoker.</summary>
    ApiInvoker,

    /// <summary>An AMF or APF.</summary>
    ApiProviderFunction,

    /// <summary>An AEF.</summary>
    Aef,

    /// <summary>The operator's administrator.</summary>
    Superadmin,
}
