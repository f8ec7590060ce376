using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Tls.Tests;

/// <summary>A root, an issuer below it, and what they certify; in memory, and in a folder for openssl and curl.</summary>
public sealed class TestPki : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-tls-");
    private readonly X509Certificate2 _issuerWithKey;
    private int _files;

    public TestPki()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest($"CN=root {Guid.NewGuid():N}", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootWithKey = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Root = X509CertificateLoader.LoadCertificate(rootWithKey.RawData);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new CertificateRequest($"CN=issuer {Guid.NewGuid():N}", issuerKey, HashAlgorithmName.SHA256);
        issuer.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issued = issuer.Create(rootWithKey, now.AddDays(-1), now.AddDays(20), [1]);
        _issuerWithKey = issued.CopyWithPrivateKey(issuerKey);
        Issuer = X509CertificateLoader.LoadCertificate(issued.RawData);
        Server = Issue("localhost", "1.3.6.1.5.5.7.3.1", rsa: false);
        RsaServer = Issue("localhost", "1.3.6.1.5.5.7.3.1", rsa: true);
        Client = Issue("invoker", "1.3.6.1.5.5.7.3.2", rsa: false);
        RootFile = Write("root.pem", Root.ExportCertificatePem());
        ClientFile = Write("client.pem", WithKey(Client));
        ServerFile = Write("server.pem", WithKey(Server));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuer { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 RsaServer { get; }

    public X509Certificate2 Client { get; }

    public string RootFile { get; }

    /// <summary>Certificate, issuer and key.</summary>
    public string ClientFile { get; }

    public string ServerFile { get; }

    public X509Certificate2 Issue(string name, string purpose, bool rsa)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName($"CN={name}");
        using var issued = Issue(
            key is RSA forRsa
                ? new CertificateRequest(subject, forRsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256),
            name, purpose);
        return key is RSA rsaKey ? issued.CopyWithPrivateKey(rsaKey) : issued.CopyWithPrivateKey((ECDsa)key);
    }

    /// <summary>A certificate for somebody else's key.</summary>
    public X509Certificate2 Issue(PublicKey key, string name, string purpose) =>
        Issue(new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256), name, purpose);

    private X509Certificate2 Issue(CertificateRequest request, string name, string purpose)
    {
        var now = TimeProvider.System.GetUtcNow();
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(
            _issuerWithKey.SubjectName, X509SignatureGenerator.CreateForECDsa(_issuerWithKey.GetECDsaPrivateKey()!), now.AddHours(-1), now.AddDays(10),
            RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>A file that goes with the rest of them.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}-{name}");
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Accepts what chains to the root and serves clients.</summary>
    public bool AcceptClient(PeerVerification peer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Root);
        chain.ChainPolicy.ExtraStore.AddRange(peer.Chain);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(peer.Certificate);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string WithKey(X509Certificate2 certificate)
    {
        using var key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        return string.Join('\n', certificate.ExportCertificatePem(), Issuer.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
