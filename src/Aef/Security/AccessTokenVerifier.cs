using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CapifOrleans.Aef.Security;

/// <summary>
/// Verifies access tokens: compact JWS (RFC 7515) by a key and the algorithm of that key, of type <c>at+jwt</c> or <c>JWT</c> (RFC 9068, RFC
/// 8725), issued to one API invoker. A token that was verified is remembered by its SHA-256, so that its later requests cost a hash only.
/// </summary>
internal sealed class AccessTokenVerifier(TokenKeys keys)
{
    private const int MaxLength = 8 * 1024;
    private const int MostKnown = 50_000;
    private readonly ConcurrentDictionary<Digest, AccessToken> _known = new();
    private TokenKeySet _knownBy = TokenKeySet.Empty;

    /// <summary>The token; null where it is none, or nobody signed it. Expiry is for the caller to look at, with the clock at hand.</summary>
    public async ValueTask<AccessToken?> VerifyAsync(string token)
    {
        if (token.Length is 0 or > MaxLength || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return null;
        if (Find(token, out var digest) is { } known)
            return known;
        keys.RefreshIfOld();
        if (Header.TryRead(token) is not { } header)
            return null;
        var set = keys.Current;
        if (set.Find(header.KeyId) is not { } key)
        {
            await keys.RefreshAsync();
            set = keys.Current;
            if (set.Find(header.KeyId) is not { } later)
                return null;
            key = later;
        }

        if (header.Algorithm != key.Algorithm || Verify(token, header, key) is not { } verified)
            return null;
        Remember(set, digest, verified);
        return verified;
    }

    private AccessToken? Find(string token, out Digest digest)
    {
        digest = default;
        Span<byte> ascii = stackalloc byte[1024];
        var octets = token.Length <= ascii.Length ? ascii[..Encoding.ASCII.GetBytes(token, ascii)] : Encoding.ASCII.GetBytes(token);
        SHA256.HashData(octets, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref digest, 1)));
        Follow(keys.Current);
        return _known.GetValueOrDefault(digest);
    }

    /// <summary>A set that changed may have taken a key back: nothing is remembered of what another one verified.</summary>
    private void Follow(TokenKeySet set)
    {
        if (ReferenceEquals(Volatile.Read(ref _knownBy), set))
            return;
        _known.Clear();
        Volatile.Write(ref _knownBy, set);
    }

    private void Remember(TokenKeySet set, Digest digest, AccessToken token)
    {
        if (ReferenceEquals(set, keys.Current))
            Follow(set);
        if (_known.Count >= MostKnown)
            _known.Clear();
        if (ReferenceEquals(set, Volatile.Read(ref _knownBy)))
            _known[digest] = token;
    }

    private static AccessToken? Verify(string token, Header header, TokenVerificationKey key)
    {
        try
        {
            var signature = Base64Url.DecodeFromChars(token.AsSpan(header.SignatureAt));
            // Two ways of writing one signature would be two tokens.
            if (Base64Url.EncodeToString(signature) != token[header.SignatureAt..]
                || !key.Verify(Encoding.ASCII.GetBytes(token[..(header.SignatureAt - 1)]), signature))
            {
                return null;
            }

            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(header.ClaimsAt, header.SignatureAt - 1 - header.ClaimsAt)));
            return Read(claims.RootElement, token);
        }
        catch (Exception fault) when (fault is FormatException or JsonException or CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The claims. 29.222 wants the apiInvokerId as <c>iss</c>, 33.122 as <c>client_id</c>: one of them must be there, and both must agree.
    /// </summary>
    private static AccessToken? Read(JsonElement claims, string token)
    {
        if (claims.ValueKind != JsonValueKind.Object)
            return null;
        var (issuer, client) = (Text(claims, "iss"), Text(claims, "client_id"));
        if ((client ?? issuer) is not { Length: > 0 } apiInvokerId || (issuer is not null && issuer != apiInvokerId))
            return null;
        if (Text(claims, "scope") is not { } text || AccessToken.ReadScope(text) is not { } scope || Time(claims, "exp") is not { } expiresAt)
            return null;
        return new AccessToken
        {
            ApiInvokerId = apiInvokerId,
            Scope = scope,
            IssuedAt = Time(claims, "iat") ?? DateTimeOffset.MinValue,
            ExpiresAt = expiresAt,
            Gpsi = claims.TryGetProperty("resOwnerId"u8, out var owner) ? Text(owner, "gpsi") : null,
            Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
        && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    /// <summary>What a token says of itself before anything is believed.</summary>
    private readonly record struct Header(string Algorithm, string? KeyId, int ClaimsAt, int SignatureAt)
    {
        public static Header? TryRead(string token)
        {
            var first = token.IndexOf('.', StringComparison.Ordinal);
            var last = token.LastIndexOf('.');
            if (first <= 0 || last <= first + 1 || last == token.Length - 1 || token.AsSpan(first + 1, last - first - 1).Contains('.'))
                return null;
            try
            {
                using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, first)));
                var root = header.RootElement;
                // A token for another purpose, signed by the same key (an enrolment credential), is none; nor is one with rules that are not known.
                if (Text(root, "alg") is not { } algorithm || root.TryGetProperty("crit"u8, out _)
                    || (Text(root, "typ") is { } type && !IsAccessToken(type)))
                {
                    return null;
                }

                return new Header(algorithm, Text(root, "kid"), first + 1, last + 1);
            }
            catch (Exception fault) when (fault is FormatException or JsonException or InvalidOperationException)
            {
                return null;
            }
        }

        private static bool IsAccessToken(string type) =>
            type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase)
            || type.Equals("JWT", StringComparison.OrdinalIgnoreCase);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Digest(ulong First, ulong Second, ulong Third, ulong Fourth);
}
