namespace CapifOrleans.Security;

/// <summary>
/// Issues access tokens (29.222 5.6.2.3, 33.122 Annex C). A stateless worker (always key 0): the API invoker's grain decides, which takes a
/// moment, and the worker signs, which takes twenty; so that one invoker's tokens are signed by as many processors as there are.
/// </summary>
[Alias("capif.IAccessTokenGrain")]
public interface IAccessTokenGrain : IGrainWithIntegerKey
{
    /// <summary>Issues an access token to an API invoker; refusals are OAuth errors, but NotFound where there is no security context.</summary>
    [Alias("Issue")]
    Task<Outcome<AccessTokenRsp>> IssueAsync(string apiInvokerId, AccessTokenReq request, CancellationToken cancellationToken);

    /// <summary>Issues an access token to an API invoker of a peer, for AEFs of ours (seed 003 6.X.3.2); the same refusals.</summary>
    [Alias("IssueForPeer")]
    Task<Outcome<AccessTokenRsp>> IssueForPeerAsync(string ccfId, string apiInvokerId, AccessTokenReq request, CancellationToken cancellationToken);
}

/// <summary>What an access token is to say.</summary>
[GenerateSerializer, Immutable, Alias("capif.TokenGrant")]
public sealed record TokenGrant
{
    /// <summary>The scope.</summary>
    [Id(0)]
    public required string Scope { get; init; }

    /// <summary>The owner of the resources that it is about, if it has one.</summary>
    [Id(1)]
    public string? Gpsi { get; init; }

    /// <summary>When it was decided: a revocation that comes before the signature is later than this, and so covers the token.</summary>
    [Id(2)]
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>
    /// The other core function that it is about: where we sign, the one that the API invoker is onboarded to; otherwise the one that is to sign. Null
    /// where both are this one.
    /// </summary>
    [Id(3)]
    public string? CcfId { get; init; }
}
