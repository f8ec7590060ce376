using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class CertificateIssuerTests : IDisposable
{
    // On the system's clock: the openssl tool judges by it.
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly OpenSsl _openSsl = new();
    private readonly CertificateAuthorityStore _store;
    private readonly CertificateIssuer _issuer;

    public CertificateIssuerTests()
    {
        var options = new PkiOptions { Folder = _openSsl["pki"] };
        _store = new CertificateAuthorityStore(options, Time);
        _issuer = new CertificateIssuer(_store, options, Time);
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _store.Dispose();
        _openSsl.Dispose();
    }

    [Theory]
    [InlineData("-algorithm RSA -pkeyopt rsa_keygen_bits:2048")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-256")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-384")]
    [InlineData("-algorithm ED25519")]
    public async Task CertificateOfEveryKindOfKey_IsGoodToOpenSsl(string kind)
    {
        var pem = await _openSsl.PublicKeyAsync(kind);
        await IssueAsync(CertificateKind.ApiInvoker, "invoker1", pem);

        Assert.Contains("OK", await VerifyAsync("sslclient"), StringComparison.Ordinal);
        Assert.Equal(pem.Trim(), (await _openSsl.RunAsync("x509 -in leaf.pem -noout -pubkey")).Trim());
    }

    [Theory]
    [InlineData(CertificateKind.ApiInvoker, "urn:capif:api-invoker:id7", false)]
    [InlineData(CertificateKind.ApiProviderFunction, "urn:capif:api-provider-function:id7", false)]
    [InlineData(CertificateKind.Aef, "urn:capif:api-provider-function:id7", true)]
    [InlineData(CertificateKind.Superadmin, "urn:capif:superadmin:id7", false)]
    public async Task Profile_SaysWhoAndWhatFor(CertificateKind kind, string uri, bool isServer)
    {
        await IssueAsync(kind, "id7", await _openSsl.PublicKeyAsync("-algorithm EC -pkeyopt ec_paramgen_curve:P-256"));

        var text = await _openSsl.RunAsync("x509 -in leaf.pem -noout -text");
        Assert.Contains("Version: 3", text, StringComparison.Ordinal);
        Assert.Contains("Subject: CN = id7", text, StringComparison.Ordinal);
        Assert.Contains("URI:" + uri, text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.Contains("TLS Web Client Authentication", text, StringComparison.Ordinal);
        Assert.Equal(isServer, text.Contains("TLS Web Server Authentication", StringComparison.Ordinal));
        Assert.Equal(isServer, (await TryVerifyAsync("sslserver")).ExitCode == 0);
    }

    [Fact]
    public async Task SerialNumberThumbprintAndExpiry_AreThoseOfTheCertificate()
    {
        var serial = SerialNumber.NewRandom();
        var issued = await IssueAsync(
            CertificateKind.ApiInvoker, "id7", await _openSsl.PublicKeyAsync("-algorithm EC -pkeyopt ec_paramgen_curve:P-256"), serial);

        Assert.Equal($"serial={serial}", (await _openSsl.RunAsync("x509 -in leaf.pem -noout -serial")).Trim());
        var fingerprint = await _openSsl.RunAsync("x509 -in leaf.pem -noout -fingerprint -sha256");
        Assert.Equal(issued.Thumbprint, fingerprint.Trim().Split('=')[1].Replace(":", "", StringComparison.Ordinal));
        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        Assert.InRange(issued.ExpiresAt - certificate.NotAfter, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var both = new X509Certificate2Collection();
        both.ImportFromPem(issued.Pem);
        Assert.Equal([certificate.RawData, _store.Issuing.RawData], both.Select(one => one.RawData));
    }

    [Fact]
    public void Certificate_NeverOutlivesItsIssuer()
    {
        var later = new ManualTimeProvider(Time.GetUtcNow().AddDays((10 * 365) - 30));
        using var issuer = new CertificateIssuer(_store, new PkiOptions { Folder = _openSsl["pki"] }, later);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(SubjectPublicKey.TryParse(key.ExportSubjectPublicKeyInfoPem(), out var parsed, out _));

        using var certificate = X509Certificate2.CreateFromPem(issuer.Issue(CertificateKind.ApiInvoker, "id7", parsed, SerialNumber.NewRandom()).Pem);

        Assert.Equal(_store.Issuing.NotAfter, certificate.NotAfter);
    }

    [Fact]
    public void SerialNumbers_ArePositive128BitsAndDiffer()
    {
        var made = Enumerable.Range(0, 1_000).Select(_ => SerialNumber.NewRandom()).ToList();

        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.All(made, one => Assert.InRange(UInt128.Parse(one, NumberStyles.HexNumber, CultureInfo.InvariantCulture), UInt128.One << 126, UInt128.MaxValue >> 1));
    }

    [Fact]
    public async Task RevocationList_IsKnownToOpenSsl()
    {
        var key = await _openSsl.PublicKeyAsync("-algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        var revoked = SerialNumber.NewRandom();
        await IssueAsync(CertificateKind.ApiInvoker, "gone", key, revoked);
        var list = _issuer.SignRevocationList([(revoked, Time.GetUtcNow())], 7, Time.GetUtcNow().AddDays(1));
        await File.WriteAllTextAsync(_openSsl["crl.pem"], PemEncoding.WriteString("X509 CRL", list));

        var text = await _openSsl.RunAsync("crl -in crl.pem -noout -text -CAfile pki/issuing.pem");
        Assert.Contains("verify OK", text, StringComparison.Ordinal);
        Assert.Contains(revoked, text, StringComparison.Ordinal);
        Assert.Matches(@"X509v3 CRL Number:\s+7\s", text);
        const string Check = "-crl_check -CRLfile crl.pem";
        var (exitCode, output) = await TryVerifyAsync("sslclient", Check);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("certificate revoked", output, StringComparison.Ordinal);
        await IssueAsync(CertificateKind.ApiInvoker, "here", key);
        Assert.Equal(0, (await TryVerifyAsync("sslclient", Check)).ExitCode);
    }

    private async Task<IssuedCertificate> IssueAsync(CertificateKind kind, string id, string publicKey, string? serialNumber = null)
    {
        Assert.True(SubjectPublicKey.TryParse(publicKey, out var key, out var reason), reason);
        var issued = _issuer.Issue(kind, id, key, serialNumber ?? SerialNumber.NewRandom());
        await File.WriteAllTextAsync(_openSsl["leaf.pem"], issued.Pem);
        return issued;
    }

    private async Task<string> VerifyAsync(string purpose)
    {
        var (exitCode, output) = await TryVerifyAsync(purpose);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private Task<(int ExitCode, string Output)> TryVerifyAsync(string purpose, string more = "") => _openSsl.TryAsync(
        $"verify -x509_strict -purpose {purpose} {more} -CAfile pki/root.pem -untrusted pki/issuing.pem leaf.pem");
}
