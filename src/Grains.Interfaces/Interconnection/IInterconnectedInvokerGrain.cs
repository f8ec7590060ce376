using CapifOrleans.Security;

namespace CapifOrleans.Interconnection;

/// <summary>
/// An API invoker that is onboarded to a peer and addressed AEFs of this core function (seed 003: "CCF-A", TS 33.122 6.X). The key is its
/// apiInvokerId; it belongs to the peer that named it first, and to no other.
/// </summary>
[Alias("capif.IInterconnectedInvokerGrain")]
public interface IInterconnectedInvokerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Selects a method for each entry (6.X.2) by the AEF's capabilities and the policy for the peer and the API invoker; where the policy allows
    /// nothing, none is selected. It replaces what was negotiated before, and keys of that. Refused: an API invoker of ours or of another peer, an AEF
    /// that is not shared with the peer. The apiIds are this core function's.
    /// </summary>
    [Alias("Negotiate")]
    Task<Outcome<ServiceSecurity>> NegotiateAsync(string ccfId, ServiceSecurity context, CancellationToken cancellationToken);

    /// <summary>
    /// What an AEF needs to know of this API invoker, as far as it is here (6.X.3.1): NotFound where it never addressed the AEF, or is another peer's than
    /// the AEF says. An AEF that says none knows of interconnection nothing; the identifier is of one core function all the same.
    /// </summary>
    [Alias("GetSecurityContext")]
    Task<Outcome<InterconnectedSecurity>> GetSecurityContextAsync(SecurityContextQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what the peer told, until it is told otherwise or <paramref name="information"/> expires. Ignored where the API invoker negotiated
    /// anew since <paramref name="negotiation"/>.
    /// </summary>
    [Alias("Keep")]
    Task KeepAsync(string negotiation, PeerSecurityInformation information, CancellationToken cancellationToken);

    /// <summary>What a token for this API invoker is to say (6.X.3.2).</summary>
    [Alias("AuthorizeToken")]
    Task<Outcome<TokenGrant>> AuthorizeTokenAsync(string ccfId, AccessTokenReq request, CancellationToken cancellationToken);

    /// <summary>An AEF revokes its authorizations there, or those of <paramref name="notification"/>: the peer is told, durably, and tells the API invoker.</summary>
    [Alias("RevokeByAef")]
    Task<Outcome> RevokeByAefAsync(string aefId, SecurityNotification? notification, CancellationToken cancellationToken);

    /// <summary>
    /// The peer ends the authorizations of <paramref name="notification"/>, or all, as the API invoker is offboarded: every AEF that knew it is told,
    /// and refuses. The apiIds are this core function's.
    /// </summary>
    [Alias("RevokeByPeer")]
    Task<Outcome> RevokeByPeerAsync(string ccfId, SecurityNotification? notification, CancellationToken cancellationToken);

    /// <summary>The policy for it changed: what it has no longer a right to is revoked. Idempotent.</summary>
    [Alias("Review")]
    Task ReviewAsync(CancellationToken cancellationToken);

    /// <summary>The peer is none any more: as if the API invoker were offboarded. Idempotent.</summary>
    [Alias("Forget")]
    Task ForgetAsync(string ccfId, CancellationToken cancellationToken);
}

/// <summary>What a core function knows of an interconnected API invoker at an AEF.</summary>
[GenerateSerializer, Immutable, Alias("capif.InterconnectedSecurity")]
public sealed record InterconnectedSecurity
{
    /// <summary>The entries for the AEF.</summary>
    [Id(0)]
    public required ServiceSecurity Context { get; init; }

    /// <summary>The negotiation that it is of.</summary>
    [Id(1)]
    public required string Negotiation { get; init; }

    /// <summary>Whether the peer has to be asked for the AEFPSK or the root CA: it is wanted, and not here.</summary>
    [Id(2)]
    public bool NeedsPeer { get; init; }

    /// <summary>When the AEF must ask again; null where there is nothing that expires.</summary>
    [Id(3)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The peer that the API invoker is onboarded to; null for one of ours.</summary>
    [Id(4)]
    public string? CcfId { get; init; }

    /// <summary>Not what is in it.</summary>
    public override string ToString() => nameof(InterconnectedSecurity);
}

/// <summary>The AEFPSK or root CA that a peer told for an AEF.</summary>
[GenerateSerializer, Immutable, Alias("capif.PeerSecurityInformation")]
public sealed record PeerSecurityInformation
{
    /// <summary>The AEF.</summary>
    [Id(0)]
    public required string AefId { get; init; }

    /// <summary><c>authenticationInfo</c>: the AEFPSK (<see cref="AefPskInformation"/>), or certificates as PEM.</summary>
    [Id(1)]
    public required string AuthenticationInfo { get; init; }

    /// <summary>When it ends.</summary>
    [Id(2)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Not what is in it.</summary>
    public override string ToString() => nameof(PeerSecurityInformation);
}
