namespace CapifOrleans.Security;

/// <summary>An authorization code (RFC 6749 4.1.2). The key is the SHA-256 of the code, hexadecimal: a key is no place for a secret.</summary>
[Alias("capif.IAuthorizationCodeGrain")]
public interface IAuthorizationCodeGrain : IGrainWithStringKey
{
    /// <summary>Records what the code is good for; durable when it returns.</summary>
    [Alias("Issue")]
    Task IssueAsync(AuthorizationGrant grant, CancellationToken cancellationToken);

    /// <summary>
    /// Redeems the code: once, by the client it was made for, with the same redirect_uri and the verifier of the challenge (RFC 7636 4.6).
    /// Whatever the outcome, the code is used up, and that is durable when it returns.
    /// </summary>
    [Alias("Redeem")]
    Task<Outcome<AuthorizationGrant>> RedeemAsync(CodeRedemption redemption, CancellationToken cancellationToken);
}

/// <summary>What an authorization code is good for.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuthorizationGrant")]
public sealed record AuthorizationGrant
{
    /// <summary>The request that it answers.</summary>
    [Id(0)]
    public required AuthorizationRequest Request { get; init; }

    /// <summary>The resource owner who allowed it.</summary>
    [Id(1)]
    public required string Gpsi { get; init; }

    /// <summary>The scope that was shown to the resource owner.</summary>
    [Id(2)]
    public required string Scope { get; init; }

    /// <summary>When it expires.</summary>
    [Id(3)]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The redemption of an authorization code.</summary>
[GenerateSerializer, Immutable, Alias("capif.CodeRedemption")]
public sealed record CodeRedemption
{
    /// <summary>The client, by its certificate.</summary>
    [Id(0)]
    public required string ApiInvokerId { get; init; }

    /// <summary>redirect_uri of the token request.</summary>
    [Id(1)]
    public string? RedirectUri { get; init; }

    /// <summary>code_verifier; a secret.</summary>
    [Id(2)]
    public string? CodeVerifier { get; init; }

    /// <summary>Not the verifier.</summary>
    public override string ToString() => ApiInvokerId;
}
