using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;

namespace CapifOrleans.Frontend.Tests.Tls;

/// <summary>33.122 6.3.1, 33.310 6.1: which client certificates are good.</summary>
public sealed class ClientCertificatePolicyTests : IDisposable
{
    private const string Client = "1.3.6.1.5.5.7.3.2";
    private const string Server = "1.3.6.1.5.5.7.3.1";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa _issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _issuing;
    private readonly X509Certificate2 _other;

    public ClientCertificatePolicyTests()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Authority("root", rootKey).CreateSelfSigned(Now.AddDays(-10), Now.AddDays(1000));
        using var issuing = Authority("issuing", _issuingKey).Create(_root, Now.AddDays(-10), Now.AddDays(900), [1, 2, 3]);
        _issuing = issuing.CopyWithPrivateKey(_issuingKey);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _other = Authority("other", otherKey).CreateSelfSigned(Now.AddDays(-10), Now.AddDays(1000));
    }

    public static TheoryData<string, int, int, ClientCertificateVerdict> Cases => new()
    {
        { Client, -1, 1, ClientCertificateVerdict.Valid },
        { Client, -3, -1, ClientCertificateVerdict.Expired },
        { Client, 1, 3, ClientCertificateVerdict.NotYetValid },
        { Server, -1, 1, ClientCertificateVerdict.WrongPurpose },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void OfOurIssuer_IsJudgedByTimeAndPurpose(string purpose, int fromDays, int toDays, ClientCertificateVerdict verdict)
    {
        using var leaf = Leaf(_issuing, purpose, fromDays, toDays);
        Assert.Equal(verdict, Judge(leaf, []));
    }

    [Fact]
    public void OfAnotherIssuer_IsUntrusted_EvenIfExpired_UnlessTheOperatorTrustsIt()
    {
        using var leaf = Leaf(_other, Client, -1, 1);
        using var expired = Leaf(_other, Client, -3, -1);
        Assert.Equal(ClientCertificateVerdict.Untrusted, Judge(leaf, []));
        Assert.Equal(ClientCertificateVerdict.Untrusted, Judge(expired, []));
        using var publicOnly = X509CertificateLoader.LoadCertificate(_other.RawData);
        Assert.Equal(ClientCertificateVerdict.Valid, Judge(leaf, [publicOnly]));
    }

    [Fact]
    public void WithoutChain_IsUntrusted()
    {
        using var leaf = Leaf(_issuing, Client, -1, 1);
        Assert.Equal(ClientCertificateVerdict.Untrusted, new ClientCertificatePolicy(_root, _issuing, [], TimeProvider.System).Judge(leaf, null));
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuing.Dispose();
        _other.Dispose();
        _issuingKey.Dispose();
    }

    private ClientCertificateVerdict Judge(X509Certificate2 leaf, X509Certificate2Collection trusted)
    {
        var policy = new ClientCertificatePolicy(_root, _issuing, trusted, TimeProvider.System);
        using var chain = new X509Chain { ChainPolicy = policy.ChainPolicy() };
        chain.Build(leaf);
        return policy.Judge(leaf, chain);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private static X509Certificate2 Leaf(X509Certificate2 issuer, string purpose, int fromDays, int toDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        return request.Create(issuer, Now.AddDays(fromDays), Now.AddDays(toDays), [4, 5, 6]);
    }
}
