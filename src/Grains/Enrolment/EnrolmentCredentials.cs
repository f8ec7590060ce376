using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>
/// Makes and reads enrolment credentials (33.122 6.1: a JWT, RFC 7519, by JWS, RFC 7515). Signature, algorithm and type are
/// <see cref="TokenSigner"/>'s to check; everything else is checked here, one rule a refusal. Whether the account still exists is the grain's.
/// </summary>
internal sealed class EnrolmentCredentials(ITokenSigningKeys keys, EnrolmentOptions options, TimeProvider time)
{
    private static readonly Refusal NotOurs = Refuse(
        "The credential is not one that this core function issued for enrolment, or it was altered.", "CREDENTIAL_INVALID");

    private static readonly Refusal WrongIssuer = Refuse("The credential is of another issuer.", "CREDENTIAL_WRONG_ISSUER");
    private static readonly Refusal WrongAudience = Refuse("The credential is for another audience.", "CREDENTIAL_WRONG_AUDIENCE");
    private static readonly Refusal NotYetValid = Refuse("The credential is not valid yet.", "CREDENTIAL_NOT_YET_VALID");
    private static readonly Refusal Expired = Refuse("The credential expired; get a new one.", "CREDENTIAL_EXPIRED");
    private static readonly Refusal WrongPurpose = Refuse("The credential is for another purpose.", "CREDENTIAL_WRONG_PURPOSE");

    private readonly TokenSigner _signer = keys.EnrolmentCredentials;

    // The last one whose signature was good: a partner onboards many invokers with one credential, and the signature is the dear part of it.
    // By its hash, so that neither the credential is kept nor a comparison tells how much of it somebody guessed.
    private Signed? _last;

    /// <summary>The account is gone, or another has its name by now.</summary>
    public static Refusal AccountGone { get; } = Refuse("The account of the credential is gone.", "CREDENTIAL_ACCOUNT_GONE");

    /// <summary>Makes a credential.</summary>
    public IssuedCredential Issue(EnrolmentUser user, CredentialPurpose purpose)
    {
        // NumericDate has whole seconds; what is told must be what is checked.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expires = now + options.CredentialLifetime;
        var claims = new EnrolmentClaims
        {
            Issuer = options.Issuer,
            Audience = options.Issuer,
            Subject = user.UserName,
            Uuid = user.Uuid,
            Purpose = Name(purpose),
            IssuedAt = now.ToUnixTimeSeconds(),
            NotBefore = now.ToUnixTimeSeconds(),
            ExpiresAt = expires.ToUnixTimeSeconds(),
            Id = Guid.NewGuid().ToString("N"),
        };
        var text = _signer.Sign(JsonSerializer.SerializeToUtf8Bytes(claims, EnrolmentClaimsContext.Default.EnrolmentClaims));
        return new IssuedCredential { Credential = new EnrolmentCredential { Text = text }, ExpiresAt = expires };
    }

    /// <summary>The claims of a credential that is good for this purpose now.</summary>
    public Outcome<EnrolmentClaims> Read(EnrolmentCredential credential, CredentialPurpose purpose)
    {
        if (!TryReadSigned(credential.Text, out var claims))
            return NotOurs;
        return Check(claims, purpose) is { } refusal ? refusal : claims;
    }

    /// <summary>The claims of what one of our keys signed, if that key is still ours.</summary>
    private bool TryReadSigned(string text, [NotNullWhen(true)] out EnrolmentClaims? claims)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        if (Volatile.Read(ref _last) is { } last && CryptographicOperations.FixedTimeEquals(last.Sha256, hash) && _signer.Knows(text))
        {
            claims = last.Claims;
            return true;
        }

        claims = null;
        if (!_signer.TryVerify(text, out var document))
            return false;
        using (document)
            claims = document.Deserialize(EnrolmentClaimsContext.Default.EnrolmentClaims)!;
        Volatile.Write(ref _last, new Signed(hash.ToArray(), claims));
        return true;
    }

    private Refusal? Check(EnrolmentClaims claims, CredentialPurpose purpose)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims.Issuer != options.Issuer)
            return WrongIssuer;
        if (claims.Audience != options.Issuer)
            return WrongAudience;
        if (now < claims.NotBefore)
            return NotYetValid;
        // RFC 7519 4.1.4: on or after exp it must not be accepted.
        if (now >= claims.ExpiresAt)
            return Expired;
        return claims.Purpose == Name(purpose) ? null : WrongPurpose;
    }

    private static string Name(CredentialPurpose purpose) => purpose switch
    {
        CredentialPurpose.Enrolment => "enrolment",
        CredentialPurpose.AccountAdministration => "account-administration",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private static Refusal Refuse(string detail, string cause) => Refusal.Of(ErrorKind.Unauthenticated, detail, cause);

    private sealed record Signed(byte[] Sha256, EnrolmentClaims Claims);
}

/// <summary>The claims of an enrolment credential (RFC 7519 4.1, and two of ours).</summary>
internal sealed record EnrolmentClaims
{
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    [JsonPropertyName("aud")]
    public required string Audience { get; init; }

    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    /// <summary>The account's own identifier: a name that is used again is another account.</summary>
    [JsonPropertyName("uuid")]
    public required string Uuid { get; init; }

    [JsonPropertyName("purpose")]
    public required string Purpose { get; init; }

    [JsonPropertyName("iat")]
    public required long IssuedAt { get; init; }

    [JsonPropertyName("nbf")]
    public required long NotBefore { get; init; }

    [JsonPropertyName("exp")]
    public required long ExpiresAt { get; init; }

    [JsonPropertyName("jti")]
    public required string Id { get; init; }
}

/// <summary>How the claims are written.</summary>
[JsonSerializable(typeof(EnrolmentClaims))]
internal sealed partial class EnrolmentClaimsContext : JsonSerializerContext;
