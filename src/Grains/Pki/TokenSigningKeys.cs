using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Grains.Pki;

/// <summary>The key that signs access tokens and enrolment credentials, and its public half for AEFs (RFC 7517).</summary>
public interface ITokenSigningKeys
{
    /// <summary>Signs access tokens (33.122 Annex C; RFC 9068 names the type).</summary>
    JwsSigner AccessTokens { get; }

    /// <summary>Signs enrolment credentials (33.122 6.1).</summary>
    JwsSigner EnrolmentCredentials { get; }

    /// <summary>The JWK set, as UTF-8 JSON.</summary>
    ReadOnlyMemory<byte> JwkSet { get; }
}

/// <inheritdoc/>
internal sealed class TokenSigningKeys : ITokenSigningKeys, IDisposable
{
    private readonly SigningKeyPool _keys;

    public TokenSigningKeys(CertificateAuthorityStore store)
    {
        _keys = new SigningKeyPool(store.TokenSigningKey);
        var point = _keys.PublicParameters.Q;
        var x = Base64Url.EncodeToString(point.X);
        var y = Base64Url.EncodeToString(point.Y);
        // RFC 7638 3: the required members in the order of their names.
        var keyId = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        JwkSet = Encoding.ASCII.GetBytes(
            $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","kid":"{{keyId}}","use":"sig","alg":"ES256"}]}""");
        AccessTokens = new JwsSigner(_keys, keyId, "at+jwt");
        EnrolmentCredentials = new JwsSigner(_keys, keyId, "capif-enrolment+jwt");
    }

    /// <inheritdoc/>
    public JwsSigner AccessTokens { get; }

    /// <inheritdoc/>
    public JwsSigner EnrolmentCredentials { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> JwkSet { get; }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();
}
