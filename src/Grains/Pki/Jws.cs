using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// Compact JWS (RFC 7515) by one key and its one algorithm: the header is made once and compared as a whole when a token comes back, so that
/// no token chooses its own algorithm, key or type. A signer has one type (<c>typ</c>), so that no token passes for another kind.
/// </summary>
internal sealed class JwsSigner
{
    private const int MaxLength = 8 * 1024;
    private readonly TokenKey _key;
    private readonly string _header;

    public JwsSigner(TokenKey key, string type)
    {
        _key = key;
        _header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"{{key.Algorithm}}","kid":"{{key.KeyId}}","typ":"{{type}}"}""")) + ".";
    }

    /// <summary>The key's identifier.</summary>
    public string KeyId => _key.KeyId;

    /// <summary>Signs claims, given as UTF-8 JSON.</summary>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        var signedLength = _header.Length + Base64Url.GetEncodedLength(claims.Length);
        var length = signedLength + 1 + Base64Url.GetEncodedLength(_key.SignatureLength);
        Span<byte> token = length <= 1024 ? stackalloc byte[length] : new byte[length];
        Span<byte> signature = stackalloc byte[_key.SignatureLength];
        Encoding.ASCII.GetBytes(_header, token);
        Base64Url.EncodeToUtf8(claims, token[_header.Length..]);
        _key.Sign(token[..signedLength], signature);
        token[signedLength] = (byte)'.';
        Base64Url.EncodeToUtf8(signature, token[(signedLength + 1)..]);
        return Encoding.ASCII.GetString(token);
    }

    /// <summary>Whether the token says that it is of this key and type; the signature is not looked at.</summary>
    public bool IsOfHeader(string token) => token.StartsWith(_header, StringComparison.Ordinal);

    /// <summary>The claims of a token that this signer signed; false for every other text.</summary>
    public bool TryVerify(string token, [NotNullWhen(true)] out JsonDocument? claims)
    {
        claims = null;
        if (token.Length > MaxLength || !IsOfHeader(token))
            return false;
        var dot = token.LastIndexOf('.');
        if (dot < _header.Length)
            return false;
        try
        {
            var signed = Encoding.ASCII.GetBytes(token[..dot]);
            var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
            // Both ways of writing one signature would be two tokens.
            if (signature.Length != _key.SignatureLength || Base64Url.EncodeToString(signature) != token[(dot + 1)..]
                || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                return false;
            }

            if (!_key.Verify(signed, signature))
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
