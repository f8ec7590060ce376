using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using CapifOrleans.Aef.CoreFunction;

namespace CapifOrleans.Aef.Security;

/// <summary>
/// The keys by which the core function signs access tokens (33.122 6.5.2.3 step 7). The latest set that it gave is the one that counts, so
/// that a key which it takes back verifies no more.
/// </summary>
internal sealed partial class TokenKeys(ICoreFunction core, TimeProvider time, TimeSpan refreshAfter, ILogger<TokenKeys> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private volatile TokenKeySet _set = TokenKeySet.Empty;
    private Task? _asking;
    private long _askedAt;
    private bool _asked;

    /// <summary>The set that counts now.</summary>
    public TokenKeySet Current => _set;

    /// <summary>Takes a set that came with security information; text that is none is left.</summary>
    public void Take(string jwkSet)
    {
        if (jwkSet == _set.Text || TokenKeySet.TryRead(jwkSet) is not { } read)
            return;
        _set = read;
    }

    /// <summary>Asks for the set again, at most once a second; for a token whose key is not known, or a set that is old.</summary>
    public Task RefreshAsync()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false } running)
                return running;
            if (_asked && time.GetElapsedTime(_askedAt) < Pause)
                return Task.CompletedTask;
            _asked = true;
            _askedAt = time.GetTimestamp();
            return _asking = AskAsync();
        }
    }

    /// <summary>Begins to ask for the set again if it is old; nobody waits for it.</summary>
    public void RefreshIfOld()
    {
        if (!_asked || time.GetElapsedTime(_askedAt) >= refreshAfter)
            _ = RefreshAsync();
    }

    private async Task AskAsync()
    {
        await Task.Yield();
        try
        {
            if (await core.GetTokenKeysAsync(CancellationToken.None) is { } text)
                Take(text);
        }
        catch (CoreFunctionUnavailableException fault)
        {
            Unavailable(fault.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys of access tokens could not be asked for: {Reason}")]
    private partial void Unavailable(string reason);
}

/// <summary>A JWK set (RFC 7517 5): the keys in it that can verify a token.</summary>
internal sealed class TokenKeySet
{
    /// <summary>No keys.</summary>
    public static readonly TokenKeySet Empty = new("", []);

    private readonly ImmutableArray<TokenVerificationKey> _keys;

    private TokenKeySet(string text, ImmutableArray<TokenVerificationKey> keys)
    {
        Text = text;
        _keys = keys;
    }

    /// <summary>The text that it was read from.</summary>
    public string Text { get; }

    /// <summary>Reads a set; null where the text is none. Keys for other purposes, or of kinds that are not known, are left out.</summary>
    public static TokenKeySet? TryRead(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys"u8, out var keys)
                || keys.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            return new TokenKeySet(text, [.. keys.EnumerateArray().Select(TokenVerificationKey.TryRead).OfType<TokenVerificationKey>()]);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The key that a token's header names; without a name the only one there is.</summary>
    public TokenVerificationKey? Find(string? keyId)
    {
        if (keyId is null)
            return _keys.Length == 1 ? _keys[0] : null;
        foreach (var key in _keys)
        {
            if (key.KeyId == keyId)
                return key;
        }

        return null;
    }
}

/// <summary>A public key of one algorithm: no token chooses its own (RFC 8725 3.1).</summary>
internal sealed class TokenVerificationKey
{
    private readonly Func<byte[], byte[], bool> _verify;

    private TokenVerificationKey(string? keyId, string algorithm, Func<byte[], byte[], bool> verify)
    {
        KeyId = keyId;
        Algorithm = algorithm;
        _verify = verify;
    }

    /// <summary>Its identifier.</summary>
    public string? KeyId { get; }

    /// <summary>The algorithm (RFC 7518 3.1).</summary>
    public string Algorithm { get; }

    /// <summary>Reads a JWK; null where it is no key for signatures that is known here.</summary>
    public static TokenVerificationKey? TryRead(JsonElement jwk)
    {
        if (Text(jwk, "use") is { } use && use != "sig")
            return null;
        var (keyId, algorithm) = (Text(jwk, "kid"), Text(jwk, "alg"));
        return (Text(jwk, "kty"), Text(jwk, "crv")) switch
        {
            ("EC", "P-256") when algorithm is null or "ES256" =>
                new(keyId, "ES256", Elliptic(jwk, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256)),
            ("EC", "P-384") when algorithm is null or "ES384" =>
                new(keyId, "ES384", Elliptic(jwk, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384)),
            ("RSA", _) when algorithm is null or "RS256" => new(keyId, "RS256", Rsa(jwk, RSASignaturePadding.Pkcs1)),
            ("RSA", _) when algorithm is "PS256" => new(keyId, "PS256", Rsa(jwk, RSASignaturePadding.Pss)),
            _ => null,
        };
    }

    /// <summary>Whether the signature is by this key.</summary>
    public bool Verify(byte[] signed, byte[] signature) => _verify(signed, signature);

    // One that is used by several threads is made for each verification's time only: verified tokens are remembered.
    private static Func<byte[], byte[], bool> Elliptic(JsonElement jwk, ECCurve curve, HashAlgorithmName hash)
    {
        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = Octets(jwk, "x"), Y = Octets(jwk, "y") } };
        using (ECDsa.Create(parameters))
        {
            // A point that is not on the curve is refused here.
        }

        return (signed, signature) =>
        {
            using var key = ECDsa.Create(parameters);
            return key.VerifyData(signed, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        };
    }

    private static Func<byte[], byte[], bool> Rsa(JsonElement jwk, RSASignaturePadding padding)
    {
        var parameters = new RSAParameters { Modulus = Octets(jwk, "n"), Exponent = Octets(jwk, "e") };
        using (var probe = RSA.Create(parameters))
        {
            if (probe.KeySize < 2048)
                throw new CryptographicException("The key is too short.");
        }

        return (signed, signature) =>
        {
            using var key = RSA.Create(parameters);
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, padding);
        };
    }

    private static byte[] Octets(JsonElement jwk, string name) => Base64Url.DecodeFromChars(Text(jwk, name) ?? throw new FormatException(name));

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
