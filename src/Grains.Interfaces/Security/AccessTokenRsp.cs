namespace CapifOrleans.Security;

/// <summary>An access token (TS 29.222 8.5.4.2.7).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AccessTokenRsp")]
public sealed record AccessTokenRsp
{
    /// <summary>Access token.</summary>
    [Id(0), JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    /// <summary>Token type.</summary>
    [Id(1), JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>Expires in.</summary>
    [Id(2), JsonPropertyName("expires_in"), Bounds(0, long.MaxValue)]
    public required int ExpiresIn { get; init; }

    /// <summary>Scope.</summary>
    [Id(3), JsonPropertyName("scope")]
    public string? Scope { get; init; }
}
