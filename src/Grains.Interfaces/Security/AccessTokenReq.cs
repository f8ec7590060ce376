namespace CapifOrleans.Security;

/// <summary>A request for an access token (TS 29.222 8.5.4.2.6); on the wire it is a form.</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AccessTokenReq")]
public sealed record AccessTokenReq
{
    /// <summary>The grant type.</summary>
    [Id(0)]
    public required AccessTokenGrantType GrantType { get; init; }

    /// <summary>The API invoker identifier.</summary>
    [Id(1)]
    public required string ClientId { get; init; }

    /// <summary>The Onboard_Secret, where the client authenticates by it as well.</summary>
    [Id(2)]
    public string? ClientSecret { get; init; }

    /// <summary>The scope asked for; all that the security context allows where it is absent (RFC 6749 3.3).</summary>
    [Id(3)]
    public string? Scope { get; init; }

    /// <summary>The owner of the resources that the token is to be about (feature RNAA).</summary>
    [Id(4)]
    public ResOwnerId? ResOwnerId { get; init; }

    /// <summary>The authorization code (<c>authCode</c>, or <c>code</c> of RFC 6749 4.1.3); a secret.</summary>
    [Id(5)]
    public string? AuthCode { get; init; }

    /// <summary>The redirection URI that the code was sent to.</summary>
    [Id(6)]
    public string? RedirectUri { get; init; }

    /// <summary>The verifier of the code's challenge (RFC 7636 4.5), which 29.222 has no attribute for; a secret.</summary>
    [Id(7)]
    public string? CodeVerifier { get; init; }

    /// <summary>Not the secrets.</summary>
    public override string ToString() => $"{GrantType} {ClientId} {Scope}";
}

/// <summary>A grant type of a token request.</summary>
[GenerateSerializer, Alias("CAPIF.AccessTokenGrantType")]
public enum AccessTokenGrantType
{
    /// <summary>client_credentials (RFC 6749 4.4).</summary>
    ClientCredentials,

    /// <summary>authorization_code (RFC 6749 4.1).</summary>
    AuthorizationCode,
}
