using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// Compact JWS (RFC 7515) by ES256, and by nothing else: the header is made once and compared as a whole when a token comes back, so that
/// no token chooses its own algorithm, key or type. A signer has one type (<c>typ</c>), so that no token passes for another kind.
/// </summary>
public sealed class JwsSigner
{
    private const int MaxLength = 8 * 1024;
    private readonly SigningKeyPool _keys;
    private readonly string _header;

    internal JwsSigner(SigningKeyPool keys, string keyId, string type)
    {
        _keys = keys;
        KeyId = keyId;
        _header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{keyId}}","typ":"{{type}}"}""")) + ".";
    }

    /// <summary>The key's identifier: its RFC 7638 thumbprint.</summary>
    public string KeyId { get; }

    /// <summary>Signs claims, given as UTF-8 JSON.</summary>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        var payloadLength = Base64Url.GetEncodedLength(claims.Length);
        var signed = new byte[_header.Length + payloadLength];
        Encoding.ASCII.GetBytes(_header, signed);
        Base64Url.EncodeToUtf8(claims, signed.AsSpan(_header.Length));
        var signature = _keys.Use(signed, static (key, data) => key.SignData(data, HashAlgorithmName.SHA256));
        return string.Concat(Encoding.ASCII.GetString(signed), ".", Base64Url.EncodeToString(signature));
    }

    /// <summary>The claims of a token that this signer signed; false for every other text.</summary>
    public bool TryVerify(string token, [NotNullWhen(true)] out JsonDocument? claims)
    {
        claims = null;
        if (token.Length > MaxLength || !token.StartsWith(_header, StringComparison.Ordinal))
            return false;
        var dot = token.LastIndexOf('.');
        if (dot < _header.Length)
            return false;
        try
        {
            var signed = Encoding.ASCII.GetBytes(token[..dot]);
            var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
            // Both ways of writing one signature would be two tokens.
            if (signature.Length != 64 || Base64Url.EncodeToString(signature) != token[(dot + 1)..] || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
                return false;
            if (!_keys.Use((signed, signature), static (key, pair) => key.VerifyData(pair.signed, pair.signature, HashAlgorithmName.SHA256)))
                return false;
            claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(_header.Length, dot - _header.Length)));
            return true;
        }
        catch (Exception fault) when (fault is FormatException or JsonException or CryptographicException)
        {
            return false;
        }
    }
}
