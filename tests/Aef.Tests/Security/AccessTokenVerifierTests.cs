using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.AccessControl;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Security;
using CapifOrleans.Logging;
using CapifOrleans.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.Aef.Tests.Security;

/// <summary>33.122 C.5, RFC 8725: tokens by which somebody would like to get in.</summary>
public sealed class AccessTokenVerifierTests : IDisposable
{
    private const string Claims = """{"iss":"invoker","client_id":"invoker","scope":"3gpp#aef-1:location","iat":1780000000,"exp":1780000600}""";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly KeySource _source = new();
    private readonly TokenKeys _keys;
    private readonly AccessTokenVerifier _verifier;

    public AccessTokenVerifierTests()
    {
        _source.Text = JwkSet(_key, "k1");
        _keys = new TokenKeys(_source, TimeProvider.System, TimeSpan.FromMinutes(5), NullLogger<TokenKeys>.Instance);
        _verifier = new AccessTokenVerifier(_keys);
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("JWT")]
    [InlineData(null)]
    public async Task SignedByTheCoreFunction_IsRead(string? type)
    {
        var token = await _verifier.VerifyAsync(Sign(_key, Claims, type: type));
        Assert.NotNull(token);
        Assert.Equal("invoker", token.ApiInvokerId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1780000600), token.ExpiresAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1780000000), token.IssuedAt);
    }

    [Fact]
    public async Task SameTokenAgain_IsTheSameObject()
    {
        var text = Sign(_key, Claims);
        Assert.Same(await _verifier.VerifyAsync(text), await _verifier.VerifyAsync(text));
    }

    [Fact]
    public async Task AnotherKey_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(await _verifier.VerifyAsync(Sign(other, Claims)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES384")]
    public async Task AnotherAlgorithm_IsRefused(string algorithm)
    {
        Assert.Null(await _verifier.VerifyAsync(Sign(_key, Claims, algorithm: algorithm)));
        var unsigned = Sign(_key, Claims, algorithm: algorithm);
        Assert.Null(await _verifier.VerifyAsync(unsigned[..(unsigned.LastIndexOf('.') + 1)]));
    }

    [Fact]
    public async Task HmacByThePublicKey_IsRefused()
    {
        var signed = Part("""{"alg":"HS256","kid":"k1","typ":"at+jwt"}""") + "." + Part(Claims);
        var mac = HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed));
        Assert.Null(await _verifier.VerifyAsync($"{signed}.{Base64Url.EncodeToString(mac)}"));
    }

    [Fact]
    public async Task TokenForAnotherPurpose_IsRefused() =>
        Assert.Null(await _verifier.VerifyAsync(Sign(_key, Claims, type: "capif-enrolment+jwt")));

    [Fact]
    public async Task UnknownRuleInTheHeader_IsRefused()
    {
        var signed = Part("""{"alg":"ES256","kid":"k1","typ":"at+jwt","crit":["x"],"x":1}""") + "." + Part(Claims);
        Assert.Null(await _verifier.VerifyAsync($"{signed}.{Signature(_key, signed)}"));
    }

    [Theory]
    [InlineData("""{"iss":"other","client_id":"invoker","scope":"3gpp#aef-1:location","exp":1780000600}""")]
    [InlineData("""{"scope":"3gpp#aef-1:location","exp":1780000600}""")]
    [InlineData("""{"iss":"invoker","exp":1780000600}""")]
    [InlineData("""{"iss":"invoker","scope":"3gpp#aef-1:location"}""")]
    [InlineData("""{"iss":"invoker","scope":"3gpp#aef-1:location","exp":"soon"}""")]
    [InlineData("""{"iss":"invoker","scope":"3gpp#","exp":1780000600}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task OtherClaims_AreRefused(string claims) => Assert.Null(await _verifier.VerifyAsync(Sign(_key, claims)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.e30")]
    public async Task NoToken_IsRefused(string text) => Assert.Null(await _verifier.VerifyAsync(text));

    [Fact]
    public async Task EachOctetChanged_IsRefused()
    {
        var token = Sign(_key, Claims);
        for (var index = 0; index < token.Length; index += 7)
        {
            var changed = token.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            Assert.Null(await _verifier.VerifyAsync(new string(changed)));
        }
    }

    [Fact]
    public async Task KeyThatWasTakenBack_VerifiesNoMore_EvenForTokensSeenBefore()
    {
        var token = Sign(_key, Claims);
        Assert.NotNull(await _verifier.VerifyAsync(token));
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _source.Text = JwkSet(next, "k2");
        _keys.Take(_source.Text);
        Assert.Null(await _verifier.VerifyAsync(token));
        Assert.NotNull(await _verifier.VerifyAsync(Sign(next, Claims, keyId: "k2")));
    }

    [Fact]
    public async Task UnknownKey_IsAskedFor_AtMostOnceAMoment()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        for (var attempt = 0; attempt < 20; attempt++)
            Assert.Null(await _verifier.VerifyAsync(Sign(stranger, Claims, keyId: $"unknown-{attempt}")));
        Assert.InRange(_source.Asked, 1, 5);
    }

    [Fact]
    public async Task Rs256_IsReadByAnRsaKeyOnly()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        _source.Text = $$"""{"keys":[{"kty":"RSA","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}","kid":"r1","alg":"RS256"}]}""";
        var signed = Part("""{"alg":"RS256","kid":"r1"}""") + "." + Part(Claims);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.NotNull(await _verifier.VerifyAsync($"{signed}.{Base64Url.EncodeToString(signature)}"));
    }

    public void Dispose() => _key.Dispose();

    private static string Sign(ECDsa key, string claims, string algorithm = "ES256", string? type = "at+jwt", string keyId = "k1")
    {
        var typ = type is null ? "" : $",\"typ\":\"{type}\"";
        var signed = Part($"{{\"alg\":\"{algorithm}\",\"kid\":\"{keyId}\"{typ}}}") + "." + Part(claims);
        return $"{signed}.{Signature(key, signed)}";
    }

    private static string Signature(ECDsa key, string signed) => Base64Url.EncodeToString(
        key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string JwkSet(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(false).Q;
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}","kid":"{{keyId}}","use":"sig"}]}""";
    }

    private sealed class KeySource : ICoreFunction
    {
        private int _asked;

        public string Text { get; set; } = "";

        public int Asked => _asked;

        public Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult<string?>(Text);
        }

        public Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
