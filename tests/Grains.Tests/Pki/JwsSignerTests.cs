using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class JwsSignerTests : IDisposable
{
    private static readonly byte[] Claims = """{"sub":"abc","exp":1}"""u8.ToArray();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TokenKey _keys;
    private readonly JwsSigner _signer;

    public JwsSignerTests()
    {
        _keys = TokenKey.Of(_key);
        _signer = new JwsSigner(_keys, "at+jwt");
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void OwnToken_GivesItsClaims_AndIsEs256()
    {
        var token = _signer.Sign(Claims);

        Assert.True(_signer.TryVerify(token, out var claims));
        Assert.Equal("abc", claims.RootElement.GetProperty("sub").GetString());
        var parts = token.Split('.');
        Assert.Equal($$"""{"alg":"ES256","kid":"{{_signer.KeyId}}","typ":"at+jwt"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        // RFC 7518 3.4: the two integers, 32 octets each.
        Assert.True(_key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"kid1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"kid1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"kid2","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"kid1","typ":"capif-enrolment+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"kid1","typ":"at+jwt","crit":["b64"],"b64":false}""")]
    public void AnotherHeader_IsRefused_EvenWithTheRightSignature(string header)
    {
        header = header.Replace("kid1", _signer.KeyId, StringComparison.Ordinal);
        var signed = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.{Base64Url.EncodeToString(Claims)}";
        var signature = Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));

        Assert.False(_signer.TryVerify($"{signed}.{signature}", out _));
        Assert.False(_signer.TryVerify($"{signed}.", out _));
    }

    [Fact]
    public void TokenOfAnotherTypeFromTheSameKey_IsRefused()
    {
        var enrolment = new JwsSigner(_keys, "capif-enrolment+jwt");

        Assert.False(_signer.TryVerify(enrolment.Sign(Claims), out _));
        Assert.False(enrolment.TryVerify(_signer.Sign(Claims), out _));
    }

    [Fact]
    public void TokenOfAnotherKeyWithTheSameKid_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = _signer.Sign(Claims);
        var signed = token[..token.LastIndexOf('.')];
        var signature = Base64Url.EncodeToString(other.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));

        Assert.False(_signer.TryVerify($"{signed}.{signature}", out _));
    }

    [Fact]
    public void AnyChangedCharacter_IsRefused()
    {
        var token = _signer.Sign(Claims);
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token[at] == 'A' ? 'B' : 'A';
            Assert.False(_signer.TryVerify(token[..at] + changed + token[(at + 1)..], out _), $"character {at}");
        }
    }

    [Fact]
    public void OtherSpellingsOfOneToken_AreRefused()
    {
        var token = _signer.Sign(Claims);
        var dot = token.LastIndexOf('.');

        Assert.All(
            [token + "=", token + " ", " " + token, token + "\n", token[..dot] + " " + token[dot..], token[..^4] + " " + token[^4..], token[..^1], token + "."],
            other => Assert.False(_signer.TryVerify(other, out _), other));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    public void OtherText_IsRefused(string text) => Assert.False(_signer.TryVerify(text, out _));

    [Fact]
    public void OverlongToken_IsRefusedThoughItsSignatureIsRight()
    {
        var token = _signer.Sign(Encoding.ASCII.GetBytes($$"""{"sub":"{{new string('x', 8 * 1024)}}"}"""));

        Assert.False(_signer.TryVerify(token, out _));
    }

    [Fact]
    public void ManyThreads_SignAndVerify() =>
        Parallel.For(0, 200, number =>
        {
            Assert.True(_signer.TryVerify(_signer.Sign(Encoding.ASCII.GetBytes($$"""{"n":{{number}}}""")), out var claims));
            Assert.Equal(number, claims.RootElement.GetProperty("n").GetInt32());
        });
}
