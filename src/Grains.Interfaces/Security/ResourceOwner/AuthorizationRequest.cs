namespace CapifOrleans.Security;

/// <summary>An authorization request (RFC 6749 4.1.1, RFC 7636 4.3), as far as a grain needs to know it.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuthorizationRequest")]
public sealed record AuthorizationRequest
{
    /// <summary>client_id: the apiInvokerId.</summary>
    [Id(0)]
    public required string ApiInvokerId { get; init; }

    /// <summary>redirect_uri.</summary>
    [Id(1)]
    public required string RedirectUri { get; init; }

    /// <summary>scope; all that a resource owner may grant where it is absent.</summary>
    [Id(2)]
    public string? Scope { get; init; }

    /// <summary>code_challenge, by S256; null without PKCE.</summary>
    [Id(3)]
    public string? CodeChallenge { get; init; }
}

/// <summary>What an authorization request asks of a resource owner.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuthorizationOffer")]
public sealed record AuthorizationOffer
{
    /// <summary>What the API invoker calls itself (apiInvokerInformation), or its identifier.</summary>
    [Id(0)]
    public required string ClientName { get; init; }

    /// <summary>The scope as it would go into the token.</summary>
    [Id(1)]
    public required string Scope { get; init; }

    /// <summary>The service APIs.</summary>
    [Id(2)]
    public required ImmutableArray<ConsentedApi> Apis { get; init; }
}

/// <summary>An authorization code as it goes to the API invoker (RFC 6749 4.1.2): single use, good for a minute.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuthorizationCode")]
public sealed record AuthorizationCode
{
    /// <summary>The code; a secret.</summary>
    [Id(0)]
    public required string Code { get; init; }

    /// <summary>Not the code.</summary>
    public override string ToString() => nameof(AuthorizationCode);
}
