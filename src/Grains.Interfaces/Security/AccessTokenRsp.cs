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
    public required AccessTokenType TokenType { get; init; }

    /// <summary>Expires in.</summary>
    [Id(2), JsonPropertyName("expires_in"), Bounds(0, long.MaxValue)]
    public required int ExpiresIn { get; init; }

    /// <summary>Scope.</summary>
    [Id(3), JsonPropertyName("scope")]
    public string? Scope { get; init; }
}

/// <summary>How an access token is used (TS 29.222 8.5.4.2.7: by whoever bears it, RFC 6750).</summary>
[GenerateSerializer, Alias("CAPIF.AccessTokenType"), JsonConverter(typeof(JsonStringEnumConverter<AccessTokenType>))]
public enum AccessTokenType
{
    /// <summary><c>Bearer</c>.</summary>
    [JsonStringEnumMemberName("Bearer")]
    Bearer,
}
