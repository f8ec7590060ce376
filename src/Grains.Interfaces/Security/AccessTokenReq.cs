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

    /// <summary>Not the secret.</summary>
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
