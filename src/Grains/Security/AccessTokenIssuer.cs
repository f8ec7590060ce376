using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// Makes access tokens (33.122 C.2.2, 29.222 8.5.4.2.8). The two specifications disagree about the claims: <c>iss</c> and <c>client_id</c>
/// are both the apiInvokerId, <c>exp</c> is a NumericDate, and <c>iat</c> is there for revocation (docs/divergences.md).
/// </summary>
internal sealed class AccessTokenIssuer(ITokenSigningKeys keys, ICertificateIssuer issuer, InvokerOptions options) : IDisposable
{
    private readonly ThreadLocal<ClaimsWriter> _claims = new(() => new ClaimsWriter());

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

    /// <summary>Makes a token.</summary>
    public string Issue(string apiInvokerId, TokenGrant grant)
    {
        var now = grant.IssuedAt.ToUnixTimeSeconds();
        var claims = _claims.Value!;
        var writer = claims.Begin();
        writer.WriteStartObject();
        writer.WriteString("iss"u8, apiInvokerId);
        writer.WriteString("client_id"u8, apiInvokerId);
        writer.WriteString("scope"u8, grant.Scope);
        if (grant.Gpsi is not null)
        {
            writer.WriteStartObject("resOwnerId"u8);
            writer.WriteString("gpsi"u8, grant.Gpsi);
            writer.WriteEndObject();
        }

        // The AEF must know whose API invoker it is (seed 003 6.X.3.2): an apiInvokerId alone says it for our own only.
        if (grant.CcfId is not null)
            writer.WriteString("ccfId"u8, grant.CcfId);
        writer.WriteNumber("iat"u8, now);
        writer.WriteNumber("exp"u8, now + (long)options.TokenLifetime.TotalSeconds);
        writer.WriteEndObject();
        writer.Flush();
        return keys.AccessTokens.Sign(claims.Written);
    }

    /// <inheritdoc/>
    public void Dispose() => _claims.Dispose();

    /// <summary>A writer of claims that a thread uses again: a new one for each token would be most of what a token allocates.</summary>
    private sealed class ClaimsWriter : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _writer;

        public ClaimsWriter() => _writer = new Utf8JsonWriter(_buffer);

        public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

        public void Dispose() => _writer.Dispose();

        public Utf8JsonWriter Begin()
        {
            _buffer.ResetWrittenCount();
            _writer.Reset();
            return _writer;
        }
    }
}
