using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Silo.Demo;

/// <summary>Somebody in the demonstration: a key pair, the certificate that the core function issued for it, and its HTTPS connections.</summary>
internal sealed class DemoParty : IDisposable
{
    private readonly ECDsa _key;
    private readonly X509Certificate2 _root;
    private X509Certificate2? _certificate;
    private HttpClient? _client;

    /// <summary>A party without certificate, which trusts this root only.</summary>
    public DemoParty(string name, X509Certificate2 root, ECDsa? key = null)
    {
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Name = name;
        _root = root;
    }

    /// <summary>What it is called in the output.</summary>
    public string Name { get; }

    /// <summary>The identifier that the core function gave.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Its certificate, with the key; null until it has one.</summary>
    public X509Certificate2? Certificate => _certificate;

    /// <summary>The serial number of its certificate.</summary>
    public string SerialNumber => _certificate!.SerialNumber;

    /// <summary>Its HTTPS client: with the certificate once there is one.</summary>
    public HttpClient Client => _client ??= new HttpClient(Handler()) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A certificate signing request for its key (RFC 2986); the core function chooses the subject.</summary>
    public string SigningRequest() => new CertificateRequest($"CN={Name}", _key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>From now on the party is this one, with this certificate (leaf first, chain behind it).</summary>
    public void Accept(string id, string certificatePem)
    {
        Id = id;
        using var leaf = X509Certificate2.CreateFromPem(certificatePem);
        _certificate = leaf.CopyWithPrivateKey(_key);
        DemoFailure.Unless(
            leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == id, $"the certificate of {Name} has the common name {id}");
        _client?.Dispose();
        _client = null;
    }

    /// <summary>TLS as this party does it.</summary>
    public SslClientAuthenticationOptions Tls(string host) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificates = _certificate is null ? null : [_certificate],
        LocalCertificateSelectionCallback = _certificate is null ? null : (_, _, _, _, _) => _certificate,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _certificate?.Dispose();
        _key.Dispose();
    }

    private SocketsHttpHandler Handler() => new() { SslOptions = Tls(""), AllowAutoRedirect = false, UseProxy = false };
}
