using CapifOrleans.Security;

namespace CapifOrleans.Interconnection;

/// <summary>
/// What needs an answer of a peer while a caller waits. A stateless worker (always key 0), reentrant: a peer that is slow holds up nobody but who
/// asked for it. Grains decide before and after; none waits for a peer in its turn.
/// </summary>
[Alias("capif.IInterconnectionGrain")]
public interface IInterconnectionGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Negotiates for an API invoker of ours (seed 003 6.X.2): entries for AEFs of peers are forwarded, each to its core function, the others decided
    /// here. Nothing changes here where a peer does not answer.
    /// </summary>
    [Alias("Negotiate")]
    Task<Outcome<ServiceSecurity>> NegotiateAsync(
        string apiInvokerId, ServiceSecurity context, CapifSession? session, bool isUpdate, CancellationToken cancellationToken);

    /// <summary>A peer's API invoker negotiates with AEFs of ours.</summary>
    [Alias("NegotiateForPeer")]
    Task<Outcome<ServiceSecurity>> NegotiateForPeerAsync(string ccfId, string apiInvokerId, ServiceSecurity context, CancellationToken cancellationToken);

    /// <summary>
    /// An AEF of ours asks for an API invoker that another core function onboarded (6.X.3.1): what is here, or else what that one tells, which is
    /// kept as long as it holds.
    /// </summary>
    [Alias("GetSecurityContext")]
    Task<Outcome<InterconnectedSecurity>> GetSecurityContextAsync(string apiInvokerId, SecurityContextQuery query, CancellationToken cancellationToken);

    /// <summary>A peer gets us a token for an API invoker of ours (6.X.3.2); refusals are OAuth errors.</summary>
    [Alias("ObtainToken")]
    Task<Outcome<AccessTokenRsp>> ObtainTokenAsync(string ccfId, string apiInvokerId, string scope, CancellationToken cancellationToken);

    /// <summary>A peer revokes authorizations of an API invoker, of its own or of ours: those of <paramref name="notification"/>, or all.</summary>
    [Alias("RevokeByPeer")]
    Task<Outcome> RevokeByPeerAsync(string ccfId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken);

    /// <summary>An AEF of ours revokes: of whichever core function the API invoker is.</summary>
    [Alias("RevokeByAef")]
    Task<Outcome> RevokeByAefAsync(string aefId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken);
}

/// <summary>What a peer selected for an entry of a security context.</summary>
[GenerateSerializer, Immutable, Alias("capif.PeerSelection")]
public sealed record PeerSelection
{
    /// <summary>Which entry.</summary>
    [Id(0)]
    public required int Index { get; init; }

    /// <summary>The peer.</summary>
    [Id(1)]
    public required string CcfId { get; init; }

    /// <summary>The AEFs that the entry is about.</summary>
    [Id(2)]
    public required ImmutableArray<string> AefIds { get; init; }

    /// <summary>The method; null where there is none in common or none is allowed.</summary>
    [Id(3)]
    public CapifOrleans.Publish.SecurityMethod? SelSecurityMethod { get; init; }
}
