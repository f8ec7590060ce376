using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Pki;

/// <summary>Rotation of the keys that sign tokens: when which key signs, which are published, and that both survive a restart.</summary>
public sealed class TokenSigningKeysTests : IDisposable
{
    private static readonly byte[] Claims = """{"sub":"abc"}"""u8.ToArray();
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-token-keys-");
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void NewKey_IsPublishedAtOnce_AndSignsAfterTheOverlap()
    {
        using var keys = Open();
        var first = keys.AccessTokens.KeyId;
        var made = keys.Rotate(atOnce: false);

        Assert.Equal("next", made.State);
        Assert.Equal([first, made.KeyId], Published(keys));
        _time.Advance(Overlap - Second);
        Assert.Equal(first, keys.AccessTokens.KeyId);
        _time.Advance(Second);
        Assert.Equal(made.KeyId, keys.AccessTokens.KeyId);
        Assert.Equal("previous current", string.Join(' ', keys.List().Select(key => key.State)));
    }

    [Fact]
    public void TokensOfTheKeyBefore_VerifyUntilNoneCanBeValid_AndThenItIsForgotten()
    {
        using var keys = Open();
        var token = keys.AccessTokens.Sign(Claims);
        var credential = keys.EnrolmentCredentials.Sign(Claims);
        keys.Rotate(atOnce: true);

        Assert.NotEqual(Header(token), Header(keys.AccessTokens.Sign(Claims)));
        Assert.True(keys.AccessTokens.TryVerify(token, out _));
        Assert.True(keys.EnrolmentCredentials.TryVerify(credential, out _));
        Assert.False(keys.AccessTokens.TryVerify(credential, out _));
        _time.Advance(TokenSigningKeys.KeptAfterwards - Second);
        Assert.True(keys.AccessTokens.TryVerify(token, out _));
        _time.Advance(Second);
        Assert.False(keys.AccessTokens.TryVerify(token, out _));
        Assert.Single(Published(keys));
        Assert.Single(Directory.GetFiles(_folder.FullName, "token-signing*.key"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rotation_SurvivesARestart(bool atOnce)
    {
        string token, before;
        using (var keys = Open())
        {
            token = keys.AccessTokens.Sign(Claims);
            keys.Rotate(atOnce);
            before = keys.JwkSetText;
        }

        using var again = Open();
        Assert.Equal(before, again.JwkSetText);
        Assert.True(again.AccessTokens.TryVerify(token, out _));
        Assert.Equal(again.List()[atOnce ? 1 : 0].KeyId, again.AccessTokens.KeyId);
    }

    [Fact]
    public void RotatedTwice_TheNextKeyStaysOne_AndMayBeBroughtForward()
    {
        using var keys = Open();
        var next = keys.Rotate(atOnce: false);
        Assert.Equal(next, keys.Rotate(atOnce: false));
        var now = keys.Rotate(atOnce: true);

        Assert.Equal(next.KeyId, now.KeyId);
        Assert.Equal("current", now.State);
        Assert.Equal(now.KeyId, keys.AccessTokens.KeyId);
        Assert.Equal(2, keys.List().Length);
    }

    [Fact]
    public void Interval_MakesTheNextKeyInTime_AndOnlyOne()
    {
        using var keys = Open(rotation: TimeSpan.FromDays(30));
        Assert.False(keys.RotateIfDue());
        _time.Advance(TimeSpan.FromDays(30) - Overlap - Second);
        Assert.False(keys.RotateIfDue());
        _time.Advance(Second);
        Assert.True(keys.RotateIfDue());
        Assert.False(keys.RotateIfDue());
        Assert.Equal(_time.GetUtcNow() + Overlap, keys.List()[1].SignsFrom);
    }

    [Fact]
    public void WithoutInterval_NothingRotatesByItself()
    {
        using var keys = Open(rotation: null);
        _time.Advance(TimeSpan.FromDays(3650));
        Assert.False(keys.RotateIfDue());
    }

    [Fact]
    public void FolderOfAnEarlierVersion_KeepsItsKey()
    {
        string token;
        using (var keys = Open())
            token = keys.AccessTokens.Sign(Claims);
        File.Delete(Path.Combine(_folder.FullName, "token-signing.json"));

        using var again = Open();
        Assert.True(again.AccessTokens.TryVerify(token, out _));
    }

    [Fact]
    public void RecordThatNamesAFileElsewhere_IsRefused()
    {
        Open().Dispose();
        var record = Path.Combine(_folder.FullName, "token-signing.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("token-signing.key", "../token-signing.key", StringComparison.Ordinal));
        Assert.Contains("token-signing.json", Assert.Throws<PkiException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllText(record, "{");
        Assert.Contains("backup", Assert.Throws<PkiException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherAlgorithm_IsTheNextKeys_AndRs256VerifiesByItsJwk()
    {
        Open().Dispose();
        using var keys = Open(TokenAlgorithm.Rs256);
        Assert.StartsWith("""{"alg":"ES256",""", Header(keys.AccessTokens.Sign(Claims)), StringComparison.Ordinal);
        _time.Advance(Overlap);
        var token = keys.AccessTokens.Sign(Claims);
        Assert.StartsWith("""{"alg":"RS256",""", Header(token), StringComparison.Ordinal);
        Assert.True(keys.AccessTokens.TryVerify(token, out _));

        var jwk = JsonNode.Parse(keys.JwkSet.Span)!["keys"]!.AsArray().Single(one => one!["kty"]!.GetValue<string>() == "RSA")!;
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(jwk["n"]!.GetValue<string>()),
            Exponent = Base64Url.DecodeFromChars(jwk["e"]!.GetValue<string>()),
        });
        var dot = token.LastIndexOf('.');
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..dot]), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void FirstStartWithRs256_HasThatKeyOnly_AndFindsItAgain()
    {
        string set;
        using (var keys = Open(TokenAlgorithm.Rs256))
            set = keys.JwkSetText;
        using (var again = Open(TokenAlgorithm.Rs256))
            Assert.Equal(set, again.JwkSetText);
        // The record was not written any more when the first start ended.
        File.Delete(Path.Combine(_folder.FullName, "token-signing.json"));
        using var third = Open(TokenAlgorithm.Rs256);
        Assert.Equal(set, third.JwkSetText);
    }

    private Opened Open(TokenAlgorithm algorithm = TokenAlgorithm.Es256) => Open(TimeSpan.FromDays(90), algorithm);

    private Opened Open(TimeSpan? rotation, TokenAlgorithm algorithm = TokenAlgorithm.Es256)
    {
        var options = new PkiOptions
        {
            Folder = _folder.FullName,
            KeyEncryptionKey = "0123456789abcdef",
            TokenAlgorithm = algorithm,
            TokenKeyRotation = rotation,
            TokenKeyOverlap = Overlap,
        };
        return new Opened(new CertificateAuthorityStore(options, _time), options, _time);
    }

    private static string[] Published(Opened keys) =>
        [.. JsonNode.Parse(keys.JwkSet.Span)!["keys"]!.AsArray().Select(one => one!["kid"]!.GetValue<string>())];

    private static string Header(string token) => Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal))));

    /// <summary>The keys with the store that they are read from.</summary>
    private sealed class Opened(CertificateAuthorityStore store, PkiOptions options, TimeProvider time) : IDisposable
    {
        private readonly TokenSigningKeys _keys = new(store, options, time);

        public TokenSigner AccessTokens => _keys.AccessTokens;

        public TokenSigner EnrolmentCredentials => _keys.EnrolmentCredentials;

        public ReadOnlyMemory<byte> JwkSet => _keys.JwkSet;

        public string JwkSetText => _keys.JwkSetText;

        public System.Collections.Immutable.ImmutableArray<TokenKeyDescription> List() => _keys.List();

        public TokenKeyDescription Rotate(bool atOnce) => _keys.Rotate(atOnce);

        public bool RotateIfDue() => _keys.RotateIfDue();

        public void Dispose()
        {
            _keys.Dispose();
            store.Dispose();
        }
    }
}
