using System.Security.Cryptography;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class SubjectPublicKeyTests : IDisposable
{
    private readonly OpenSsl _openSsl = new();

    public void Dispose() => _openSsl.Dispose();

    [Theory]
    [InlineData("rsa:2048")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-256")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384")]
    public async Task Request_IsTheKeyThatOpenSslSees(string kind)
    {
        var request = await _openSsl.RequestAsync(kind);

        var key = Parse(request);

        Assert.Equal(Normal(await _openSsl.RunAsync("req -in request.pem -noout -pubkey")), Normal(key.Key.ExportSubjectPublicKeyInfo()));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(key.Key.ExportSubjectPublicKeyInfo())), key.Sha256Hex);
    }

    [Theory]
    [InlineData("-algorithm RSA -pkeyopt rsa_keygen_bits:2048")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-256")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-384")]
    [InlineData("-algorithm ED25519")]
    public async Task BareKey_IsTaken(string kind)
    {
        var pem = await _openSsl.PublicKeyAsync(kind);

        Assert.Equal(Normal(pem), Normal(Parse(pem).Key.ExportSubjectPublicKeyInfo()));
    }

    [Theory]
    [InlineData("-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "1024 bits")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "curve")]
    [InlineData("-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "curve")]
    [InlineData("-algorithm X25519", "another kind")]
    [InlineData("-algorithm ED448", "another kind")]
    public async Task KeyOfAnotherKind_IsRefusedByItsKind(string kind, string why) =>
        Assert.Contains(why, Refused(await _openSsl.PublicKeyAsync(kind)), StringComparison.Ordinal);

    [Fact]
    public async Task CurveWithExplicitParameters_IsNotASecondNameOfOneKey()
    {
        var named = Parse(await _openSsl.PublicKeyAsync("-algorithm EC -pkeyopt ec_paramgen_curve:P-256"));
        var same = await _openSsl.RunAsync("ec -in key.pem -pubout -param_enc explicit");

        // A library may recognize the curve or not; what must not be is a second fingerprint of the same key.
        if (SubjectPublicKey.TryParse(same, out var key, out _))
            Assert.Equal(named.Sha256Hex, key.Sha256Hex);
    }

    [Fact]
    public async Task OneRsaKeyInTwoEncodings_HasOneFingerprint()
    {
        var spki = Parse(await _openSsl.PublicKeyAsync("-algorithm RSA -pkeyopt rsa_keygen_bits:2048"));
        var pkcs1 = await _openSsl.RunAsync("rsa -in key.pem -RSAPublicKey_out");

        Assert.Equal(spki.Sha256Hex, Parse(pkcs1[pkcs1.IndexOf("-----", StringComparison.Ordinal)..]).Sha256Hex);
    }

    [Theory]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-256")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384")]
    [InlineData("rsa:2048")]
    public async Task RequestWithWrongSignature_IsRefusedForIt(string kind)
    {
        var request = await _openSsl.RequestAsync(kind);
        var der = PemDer(request);
        // The last octet belongs to the signature.
        der[^1] ^= 1;

        Assert.Contains("signature is wrong", Refused(PemEncoding.WriteString("CERTIFICATE REQUEST", der)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-256", "sha384")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-256", "sha512")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384", "sha256")]
    [InlineData("rsa:2048", "sha384")]
    public async Task RequestSignedWithAnotherHash_IsTaken(string kind, string hash)
    {
        await _openSsl.RunAsync($"req -new -newkey {kind} -{hash} -nodes -keyout key.pem -subj /CN=whoever -out request.pem");

        var key = Parse(await File.ReadAllTextAsync(_openSsl["request.pem"]));

        Assert.Equal(Normal(await _openSsl.RunAsync("pkey -in key.pem -pubout")), Normal(key.Key.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public async Task RequestForSomebodyElsesKey_IsRefused()
    {
        var theirs = await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256");
        var theirPoint = Parse(theirs).Key.EncodedKeyValue.RawData;
        var ours = await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256");
        var ourPoint = Parse(ours).Key.EncodedKeyValue.RawData;
        var forged = PemDer(ours);
        theirPoint.CopyTo(forged.AsSpan(forged.AsSpan().IndexOf(ourPoint)));

        Assert.Contains("signature is wrong", Refused(PemEncoding.WriteString("CERTIFICATE REQUEST", forged)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWhoseKeyIsNotOnTheCurve_IsRefused()
    {
        var request = await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256");
        var point = Parse(request).Key.EncodedKeyValue.RawData;
        var der = PemDer(request);
        der[der.AsSpan().IndexOf(point) + point.Length - 1] ^= 1;

        Assert.Contains("signature is wrong", Refused(PemEncoding.WriteString("CERTIFICATE REQUEST", der)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWithCompressedPoint_IsNotASecondNameOfOneKey()
    {
        var plain = Parse(await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256"));
        await _openSsl.RunAsync("ec -in key.pem -conv_form compressed -out compressed.pem");
        var same = await _openSsl.RunAsync("req -new -key compressed.pem -subj /CN=whoever");

        if (SubjectPublicKey.TryParse(same, out var key, out _))
            Assert.Equal(plain.Sha256Hex, key.Sha256Hex);
    }

    [Fact]
    public async Task RequestWithOctetsAfterIt_IsRefused()
    {
        var der = PemDer(await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256"));

        Assert.Contains("cannot be read", Refused(PemEncoding.WriteString("CERTIFICATE REQUEST", [.. der, 0])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWithEd25519_IsToldToSendTheBareKey() =>
        Assert.Contains("send the bare Ed25519", Refused(await _openSsl.RequestAsync("ed25519")), StringComparison.Ordinal);

    [Fact]
    public async Task TextAroundOtherLineEndsAndNoLastLineEnd_AreTolerated()
    {
        var request = await _openSsl.RequestAsync("ec -pkeyopt ec_paramgen_curve:P-256");
        var plain = Parse(request);

        Assert.Equal(plain.Sha256Hex, Parse("A note.\r\n" + request.Trim().ReplaceLineEndings("\r\n")).Sha256Hex);
    }

    [Theory]
    [InlineData("", "not PEM")]
    [InlineData("no PEM at all", "not PEM")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "cannot be read")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----", "cannot be read")]
    [InlineData("-----BEGIN RSA PUBLIC KEY-----\nMAA=\n-----END RSA PUBLIC KEY-----", "cannot be read")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", "is a PEM PRIVATE KEY")]
    public void OtherText_IsRefusedForWhatItIs(string text, string why) =>
        Assert.Contains(why, Refused(text), StringComparison.Ordinal);

    [Fact]
    public void OverlongText_IsRefused() => Assert.Contains("longer than", Refused(new string('x', (16 * 1024) + 1)), StringComparison.Ordinal);

    private static SubjectPublicKey Parse(string text)
    {
        Assert.True(SubjectPublicKey.TryParse(text, out var key, out var reason), reason);
        return key;
    }

    private static string Refused(string text)
    {
        Assert.False(SubjectPublicKey.TryParse(text, out _, out var reason));
        return reason;
    }

    private static byte[] PemDer(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    private static string Normal(string pem) => Convert.ToBase64String(PemDer(pem));

    private static string Normal(byte[] der) => Convert.ToBase64String(der);
}
