namespace CapifOrleans.Exposure;

/// <summary>Authorizations of an API invoker that ended before its tokens do: whatever token they cover is void at this AEF (29.222 5.6.2.5.2).</summary>
[GenerateSerializer, Immutable, Alias("capif.AuthorizationRevocation")]
public sealed record AuthorizationRevocation
{
    /// <summary>Its identifier, and that of the event that tells AEFs of it: the same revocation, told twice, is one.</summary>
    [Id(0)]
    public required string RevocationId { get; init; }

    /// <summary>The API invoker.</summary>
    [Id(1)]
    public required string ApiInvokerId { get; init; }

    /// <summary>The service APIs; empty for all of them.</summary>
    [Id(2)]
    public ImmutableArray<string> ApiIds { get; init; } = [];

    /// <summary>The resource owner whose consent ended; null where tokens of any owner, and of none, are void.</summary>
    [Id(3)]
    public string? Gpsi { get; init; }

    /// <summary>SHA-256 of the one token that is void, hexadecimal; null where all are that the rest covers.</summary>
    [Id(4)]
    public string? TokenSha256 { get; init; }

    /// <summary>Tokens issued at or before this time are void.</summary>
    [Id(5)]
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>When no such token can be valid any more, so that this need not be kept.</summary>
    [Id(6)]
    public required DateTimeOffset KeepUntil { get; init; }

    /// <summary>When the AEF acknowledged the event; null while it has not.</summary>
    [Id(7)]
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Whether a token is void by this.</summary>
    public bool Covers(PresentedToken token) =>
        token.ApiInvokerId == ApiInvokerId
        && token.IssuedAt <= RevokedAt
        && (ApiIds.IsEmpty || ApiIds.Contains(token.ApiId))
        && (Gpsi is null || Gpsi == token.Gpsi)
        && (TokenSha256 is null || TokenSha256 == token.TokenSha256);
}

/// <summary>A token that an API invoker presents at an AEF; its signature was verified.</summary>
[GenerateSerializer, Immutable, Alias("capif.PresentedToken")]
public sealed record PresentedToken
{
    /// <summary>The API invoker.</summary>
    [Id(0)]
    public required string ApiInvokerId { get; init; }

    /// <summary>The service API that is invoked.</summary>
    [Id(1)]
    public required string ApiId { get; init; }

    /// <summary>The resource owner of the token, if it has one.</summary>
    [Id(2)]
    public string? Gpsi { get; init; }

    /// <summary>When it was issued (<c>iat</c>).</summary>
    [Id(3)]
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>SHA-256 of the token's text, upper-case hexadecimal.</summary>
    [Id(4)]
    public required string TokenSha256 { get; init; }
}
