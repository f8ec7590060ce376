using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class CertificateAuthorityStoreTests : IDisposable
{
    private readonly OpenSsl _openSsl = new();
    private readonly ManualTimeProvider _time = new();

    private string Folder => _openSsl["pki"];

    public void Dispose() => _openSsl.Dispose();

    [Fact]
    public void FirstStart_MakesFilesThatOnlyTheirOwnerReads()
    {
        using (Open())
        {
        }

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.All(["root.key", "issuing.key", "token-signing.key", "key-encryption-key"], name => Assert.Equal(Owner, File.GetUnixFileMode(In(name))));
        Assert.All(
            ["root.key", "issuing.key", "token-signing.key"],
            name => Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(In(name)), StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(Folder, "*.new"));
    }

    [Fact]
    public async Task KeysAtRest_AreAes256AndSha256_AndOpenSslOpensThem()
    {
        using (Open("secret"))
        {
        }

        Assert.Contains("P-256", await _openSsl.RunAsync("pkey -in pki/issuing.key -passin pass:secret -noout -text"), StringComparison.Ordinal);
        var structure = await _openSsl.RunAsync("asn1parse -in pki/issuing.key");
        Assert.Contains("aes-256-cbc", structure, StringComparison.Ordinal);
        Assert.Contains("hmacWithSHA256", structure, StringComparison.Ordinal);
        Assert.False(File.Exists(In("key-encryption-key")));
    }

    [Fact]
    public void SecondStart_HasTheSameAuthorityAndTokenKey()
    {
        using var first = Open();
        using var second = Open();

        Assert.Equal(first.Root.RawData, second.Root.RawData);
        Assert.Equal(first.Issuing.RawData, second.Issuing.RawData);
        Assert.Equal(first.TokenKeys.Keys.Single().Key.Jwk, second.TokenKeys.Keys.Single().Key.Jwk);
    }

    [Fact]
    public void WrongKeyEncryptionKey_IsToldWithoutTheKey()
    {
        using (Open("the right one"))
        {
        }

        var fault = Assert.Throws<PkiException>(() => Open("the wrong one"));

        Assert.Contains("issuing.key", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the wrong one", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptedFirstStart_IsBegunAnew()
    {
        using (Open())
        {
        }

        File.Delete(In("issuing.pem"));

        using var again = Open();

        Assert.Equal("CN=CapifOrleans Issuing CA, O=CapifOrleans", again.Issuing.Subject);
    }

    [Fact]
    public void OperatorsFilesWithoutIssuingCertificate_AreNotWrittenOver()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(In("issuing.key"), "the operator's");

        Assert.Contains("issuing.pem is missing", Assert.Throws<PkiException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal("the operator's", File.ReadAllText(In("issuing.key")));
        Assert.False(File.Exists(In("root.pem")));
    }

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("foreign root", "does not chain")]
    [InlineData("another key", "is not the key of")]
    [InlineData("no authority", "CA:TRUE")]
    public void OperatorsOwnAuthority_IsTakenWithoutRootKey_UnlessSomethingIsWrong(string wrong, string? message)
    {
        WriteOwnAuthority(wrong);
        if (message is not null)
        {
            Assert.Contains(message, Assert.Throws<PkiException>(() => Open()).Message, StringComparison.Ordinal);
            return;
        }

        using var store = Open();
        Assert.Equal("CN=Own Issuing", store.Issuing.Subject);
        Assert.False(File.Exists(In("root.key")));
    }

    [Fact]
    public void ExpiredIssuingCertificate_IsTold()
    {
        using (Open())
        {
        }

        _time.Advance(TimeSpan.FromDays(10 * 365));

        Assert.Contains("expired", Assert.Throws<PkiException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServerCertificate_IsKeptUntilItsNamesChangeOrTwoThirdsOfItsLifeIsOver()
    {
        var first = Server();
        Assert.Equal(first, Server());
        var named = Server("capif.example", "192.0.2.7");
        Assert.NotEqual(first, named);
        Assert.Equal(named, Server("capif.example", "192.0.2.7"));
        _time.Advance(TimeSpan.FromDays(240));
        Assert.Equal(named, Server("capif.example", "192.0.2.7"));
        _time.Advance(TimeSpan.FromDays(10));
        Assert.NotEqual(named, Server("capif.example", "192.0.2.7"));
    }

    [Fact]
    public void ServerKeyOfAnotherCertificate_AsAfterAnInterruptedRenewal_IsReplaced()
    {
        var first = Server();
        File.Copy(In("token-signing.key"), In("server.key"), overwrite: true);

        Assert.NotEqual(first, Server());
    }

    [Fact]
    public void ServerCertificateOfAReplacedAuthorityOfTheSameName_IsReplaced()
    {
        var first = Server();
        File.Delete(In("issuing.pem"));

        Assert.NotEqual(first, Server());
    }

    private string In(string name) => Path.Combine(Folder, name);

    private CertificateAuthorityStore Open(string? key = null) => new(new PkiOptions { Folder = Folder, KeyEncryptionKey = key }, _time);

    /// <summary>The serial number of the server certificate of a new start, which must come with its own private key.</summary>
    private string Server(params string[] hosts)
    {
        var options = new PkiOptions { Folder = Folder, Hosts = ["localhost", "127.0.0.1", "::1", .. hosts] };
        using var store = new CertificateAuthorityStore(options, _time);
        using var issuer = new CertificateIssuer(store, options, _time);
        using var certificate = store.ServerCertificate(issuer);
        Assert.All(hosts.Where(host => !char.IsDigit(host[0])), host => Assert.True(certificate.MatchesHostname(host)));
        using var key = certificate.GetECDsaPrivateKey();
        Assert.Equal(certificate.PublicKey.ExportSubjectPublicKeyInfo(), key!.ExportSubjectPublicKeyInfo());
        return certificate.SerialNumber;
    }

    private void WriteOwnAuthority(string wrong)
    {
        Directory.CreateDirectory(Folder);
        var now = _time.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var foreignKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var root = CertificateProfile.Authority("Own Root", rootKey, null).CreateSelfSigned(now.AddDays(-1), now.AddDays(900));
        using var foreign = CertificateProfile.Authority("Own Root", foreignKey, null).CreateSelfSigned(now.AddDays(-1), now.AddDays(900));
        using var issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = wrong == "no authority"
            ? CertificateProfile.Party(CertificateKind.ApiInvoker, "leaf", new PublicKey(issuingKey))
            : new CertificateRequest("CN=Own Issuing", issuingKey, HashAlgorithmName.SHA256);
        if (wrong != "no authority")
        {
            foreach (var extension in CertificateProfile.Authority("Own Issuing", issuingKey, 0).CertificateExtensions)
                request.CertificateExtensions.Add(extension);
        }

        using var issuing = request.Create(
            root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now.AddDays(-1), now.AddDays(800), [1, 2, 3]);
        File.WriteAllText(In("root.pem"), (wrong == "foreign root" ? foreign : root).ExportCertificatePem());
        File.WriteAllText(In("issuing.pem"), issuing.ExportCertificatePem());
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(In("issuing.key"), (wrong == "another key" ? otherKey : issuingKey).ExportPkcs8PrivateKeyPem());
    }
}
