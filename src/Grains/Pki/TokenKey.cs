using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Grains.Pki;

/// <summary>The algorithms that tokens are signed by (RFC 7518 3).</summary>
public enum TokenAlgorithm
{
    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    Es256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, for AEFs that know nothing else.</summary>
    Rs256,
}

/// <summary>One key that signs tokens, for many threads.</summary>
internal abstract class TokenKey : IDisposable
{
    /// <summary>Its identifier: its RFC 7638 thumbprint.</summary>
    public required string KeyId { get; init; }

    /// <summary>The value of <c>alg</c>.</summary>
    public abstract string Algorithm { get; }

    /// <summary>How long a signature is, in octets.</summary>
    public abstract int SignatureLength { get; }

    /// <summary>The public key as a JWK (RFC 7517).</summary>
    public required string Jwk { get; init; }

    /// <summary>Signs into <paramref name="signature"/>, which is of the right length.</summary>
    public abstract void Sign(ReadOnlySpan<byte> data, Span<byte> signature);

    /// <summary>Whether this key signed it.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A key of its own for an algorithm.</summary>
    public static AsymmetricAlgorithm Generate(TokenAlgorithm algorithm) =>
        algorithm == TokenAlgorithm.Rs256 ? RSA.Create(RsaTokenKey.Size) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The key, which it owns from now on.</summary>
    public static TokenKey Of(AsymmetricAlgorithm key) => key switch
    {
        ECDsa ecdsa => EcTokenKey.Of(ecdsa),
        RSA rsa => RsaTokenKey.Of(rsa),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>RFC 7638 3: the required members in the order of their names.</summary>
    protected static string Thumbprint(string members) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
}

/// <summary>ES256.</summary>
internal sealed class EcTokenKey : TokenKey
{
    private readonly SigningKeyPool _keys;

    private EcTokenKey(SigningKeyPool keys) => _keys = keys;

    public override string Algorithm => "ES256";

    public override int SignatureLength => 64;

    public static EcTokenKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var x = Base64Url.EncodeToString(point.X);
        var y = Base64Url.EncodeToString(point.Y);
        var keyId = Thumbprint($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
        return new EcTokenKey(new SigningKeyPool(key))
        {
            KeyId = keyId,
            Jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","kid":"{{keyId}}","use":"sig","alg":"ES256"}""",
        };
    }

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var key = _keys.Take();
        try
        {
            key.TrySignData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
        }
        finally
        {
            _keys.Return(key);
        }
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = _keys.Take();
        try
        {
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _keys.Return(key);
        }
    }

    public override void Dispose() => _keys.Dispose();
}

/// <summary>RS256.</summary>
internal sealed class RsaTokenKey : TokenKey
{
    /// <summary>Bits of a new key.</summary>
    public const int Size = 2048;

    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly RSA _key;

    private RsaTokenKey(RSA key) => _key = key;

    public override string Algorithm => "RS256";

    public override int SignatureLength => _key.KeySize / 8;

    public static RsaTokenKey Of(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var e = Base64Url.EncodeToString(parameters.Exponent);
        var n = Base64Url.EncodeToString(parameters.Modulus);
        var keyId = Thumbprint($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
        return new RsaTokenKey(key)
        {
            KeyId = keyId,
            Jwk = $$"""{"kty":"RSA","n":"{{n}}","e":"{{e}}","kid":"{{keyId}}","use":"sig","alg":"RS256"}""",
        };
    }

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var key = Take();
        try
        {
            key.TrySignData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out _);
        }
        finally
        {
            _idle.Add(key);
        }
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = Take();
        try
        {
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _idle.Add(key);
        }
    }

    public override void Dispose()
    {
        foreach (var key in _idle)
            key.Dispose();
        _key.Dispose();
    }

    private RSA Take()
    {
        if (_idle.TryTake(out var key))
            return key;
        lock (_key)
            return RSA.Create(_key.ExportParameters(includePrivateParameters: true));
    }
}
