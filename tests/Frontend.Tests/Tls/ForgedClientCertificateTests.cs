using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Frontend.Tests.Tls;

/// <summary>Certificates of our own authority on its real profile, and those that try to look like them.</summary>
public sealed class ForgedClientCertificateTests : IDisposable
{
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private readonly string _folder = Directory.CreateTempSubdirectory("capif-policy-").FullName;
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _foreignKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _foreignRoot;

    public ForgedClientCertificateTests()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddPki(new PkiOptions { Folder = _folder }).BuildServiceProvider();
        var request = new CertificateRequest("CN=Third Party", _foreignKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        _foreignRoot = request.CreateSelfSigned(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(3_000));
    }

    private CertificateAuthorityStore Store => _services.GetRequiredService<CertificateAuthorityStore>();

    public void Dispose()
    {
        _services.Dispose();
        _key.Dispose();
        _foreignKey.Dispose();
        _foreignRoot.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(CertificateKind.ApiInvoker)]
    [InlineData(CertificateKind.ApiProviderFunction)]
    [InlineData(CertificateKind.Aef)]
    [InlineData(CertificateKind.Superadmin)]
    public void OurOwn_IsValid(CertificateKind kind) => Assert.Equal(ClientCertificateVerdict.Valid, Judge(Own(kind)));

    [Fact]
    public void OfATrustedThirdParty_IsValid() =>
        Assert.Equal(ClientCertificateVerdict.Valid, Judge(Foreign(), trusted: _foreignRoot));

    [Fact]
    public void SelfSigned_IsUntrusted()
    {
        using var certificate = new CertificateRequest("CN=me", _key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(9));

        Assert.Equal(ClientCertificateVerdict.Untrusted, Judge(certificate));
    }

    [Theory]
    [InlineData("urn:capif:superadmin:ops")]
    [InlineData("urn:capif:api-invoker:abc")]
    [InlineData("urn:capif:api-provider-function:abc")]
    public void NameOfOursByATrustedThirdParty_IsUntrusted(string uri) =>
        Assert.Equal(ClientCertificateVerdict.Untrusted, Judge(Foreign(uri), trusted: _foreignRoot));

    [Fact]
    public void SignedByALeafOfOurs_IsUntrusted()
    {
        using var leaf = Own(CertificateKind.ApiInvoker);
        var request = new CertificateRequest("CN=below", _key, HashAlgorithmName.SHA256);
        using var below = request.Create(
            leaf.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), _time.GetUtcNow(), _time.GetUtcNow().AddDays(1), [1, 2]);

        Assert.Equal(ClientCertificateVerdict.Untrusted, Judge(below, sent: leaf));
    }

    private ClientCertificatePolicy Policy(X509Certificate2Collection trusted) => new(Store.Root, Store.Issuing, trusted, _time);

    private ClientCertificateVerdict Judge(X509Certificate2 certificate, X509Certificate2? trusted = null, X509Certificate2? sent = null)
    {
        var policy = Policy(trusted is null ? [] : [trusted]);
        using var chain = new X509Chain { ChainPolicy = policy.ChainPolicy() };
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.Add(sent);
        chain.Build(certificate);
        return policy.Judge(certificate, chain);
    }

    private X509Certificate2 Own(CertificateKind kind)
    {
        Assert.True(SubjectPublicKey.TryParse(_key.ExportSubjectPublicKeyInfoPem(), out var key, out _));
        var issuer = _services.GetRequiredService<ICertificateIssuer>();
        return X509Certificate2.CreateFromPem(issuer.Issue(kind, "abc", key, SerialNumber.NewRandom()).Pem);
    }

    private X509Certificate2 Foreign(string? uri = null)
    {
        var request = new CertificateRequest("CN=third", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientPurpose)], critical: false));
        if (uri is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(names.Build());
        }

        var from = _time.GetUtcNow();
        return request.Create(_foreignRoot.SubjectName, X509SignatureGenerator.CreateForECDsa(_foreignKey), from, from.AddDays(365), [1, 2, 3]);
    }
}
