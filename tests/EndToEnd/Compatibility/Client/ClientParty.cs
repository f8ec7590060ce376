using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>A key, its certificate once there is one, and the identifier that came with it.</summary>
internal sealed class ClientParty : IDisposable
{
    private static readonly X500DistinguishedName Organisation = new("O=Telefonica I\\+D, OU=Innovation, L=Madrid, S=Madrid, C=ES");
    private readonly AsymmetricAlgorithm _key;
    private readonly string _name;
    private readonly Action<AsymmetricAlgorithm> _end;

    /// <summary>A party of that name: RSA as OpenCAPIF's clients have it, or a P-256 key, which costs a machine under load far less.</summary>
    public ClientParty(string name, bool rsa = false)
        : this(name, rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256), key => key.Dispose())
    {
    }

    /// <summary>A party with that key, which goes back when the party has no more use for it.</summary>
    public ClientParty(string name, AsymmetricAlgorithm key, Action<AsymmetricAlgorithm> end) => (_name, _key, _end) = (name, key, end);

    /// <summary>The identifier that the core function gave.</summary>
    public string Id { get; set; } = "";

    /// <summary>The certificate that it presents.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>A request for a certificate, with the subject that OpenCAPIF's clients give.</summary>
    public string SigningRequest()
    {
        var subject = new X500DistinguishedName($"CN={_name}, {Organisation.Name}");
        return _key switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(),
            ECDsa ecdsa => new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>Takes what was signed: the leaf first, perhaps its chain behind it.</summary>
    public void Accept(string pem)
    {
        using var leaf = X509Certificate2.CreateFromPem(pem);
        Certificate?.Dispose();
        Certificate = _key is RSA rsa ? leaf.CopyWithPrivateKey(rsa) : leaf.CopyWithPrivateKey((ECDsa)_key);
    }

    /// <summary>TLS as this party does it: the server by that root, and no session of an earlier connection.</summary>
    public static SslClientAuthenticationOptions Tls(ClientParty? party, X509Certificate2Collection authorities, string host) => new()
    {
        TargetHost = host,
        AllowTlsResume = false,
        LocalCertificateSelectionCallback = party?.Certificate is { } certificate ? (_, _, _, _, _) => certificate : null,
        CertificateChainPolicy = Policy(authorities),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate?.Dispose();
        _end(_key);
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
