using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// Makes access tokens (33.122 C.2.2, 29.222 8.5.4.2.8). The two specifications disagree about the claims: <c>iss</c> and <c>client_id</c>
/// are both the apiInvokerId, <c>exp</c> is a NumericDate, and <c>iat</c> is there for revocation (docs/divergences.md).
/// </summary>
internal sealed class AccessTokenIssuer(ITokenSigningKeys keys, ICertificateIssuer issuer, InvokerOptions options, TimeProvider time)
{
    /// <summary>How long a token is valid.</summary>
    public TimeSpan Lifetime => options.TokenLifetime;

    /// <summary>What an AEF checks an API invoker's certificate by (method 2).</summary>
    public string TrustBundle => issuer.TrustBundlePem;

    /// <summary>What an AEF checks tokens by (method 3): a JWK set.</summary>
    public string TokenKeys => keys.JwkSetText;

    /// <summary>Whether this is a token that was issued to that API invoker.</summary>
    public bool IsIssuedTo(string apiInvokerId, string token)
    {
        if (!keys.AccessTokens.TryVerify(token, out var claims))
            return false;
        using (claims)
            return claims.RootElement.TryGetProperty("client_id"u8, out var client) && client.ValueEquals(apiInvokerId);
    }

    /// <summary>What stands for a token where the token itself must not be kept.</summary>
    public static string Sha256Hex(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Makes a token; <paramref name="gpsi"/> is the owner of the resources that it is about, if it has one.</summary>
    public string Issue(string apiInvokerId, string scope, string? gpsi)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(claims))
        {
            writer.WriteStartObject();
            writer.WriteString("iss"u8, apiInvokerId);
            writer.WriteString("client_id"u8, apiInvokerId);
            writer.WriteString("scope"u8, scope);
            if (gpsi is not null)
            {
                writer.WriteStartObject("resOwnerId"u8);
                writer.WriteString("gpsi"u8, gpsi);
                writer.WriteEndObject();
            }

            writer.WriteNumber("iat"u8, now);
            writer.WriteNumber("exp"u8, now + (long)options.TokenLifetime.TotalSeconds);
            writer.WriteEndObject();
        }

        return keys.AccessTokens.Sign(claims.WrittenSpan);
    }
}
