namespace CapifOrleans.Interconnection;

/// <summary>Where the sharing of a service API with a peer stands.</summary>
[GenerateSerializer, Alias("capif.SharingStatus")]
public enum SharingStatus
{
    /// <summary>It is to be told, or told anew.</summary>
    Pending = 0,

    /// <summary>The peer has it as it is.</summary>
    Shared = 1,

    /// <summary>The peer refused it as it is; a change is told again.</summary>
    Refused = 2,

    /// <summary>It is to be withdrawn.</summary>
    Withdrawing = 3,
}

/// <summary>A service API that is shared with a peer.</summary>
[GenerateSerializer, Immutable, Alias("capif.SharedServiceApi")]
public sealed record SharedServiceApi
{
    /// <summary>Its apiId here.</summary>
    [Id(0)]
    public required string ApiId { get; init; }

    /// <summary>Its apiId at the peer; null until that is known.</summary>
    [Id(1)]
    public string? PeerApiId { get; init; }

    /// <summary>How far it is.</summary>
    [Id(2)]
    public SharingStatus Status { get; init; }
}

/// <summary>
/// What this core function shares with one peer (29.222 5.3.2.2.3): it compares what is to be shared with what the peer has, and tells the
/// difference, until there is none. The key is the peer's ccfId.
/// </summary>
[Alias("capif.IPeerSharingGrain")]
public interface IPeerSharingGrain : IGrainWithStringKey
{
    /// <summary>The peer was added or changed, or the process started: looks at once.</summary>
    [Alias("Begin")]
    Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>The peer is none any more: nothing is kept of what it has. Idempotent.</summary>
    [Alias("End")]
    Task EndAsync(CancellationToken cancellationToken);

    /// <summary>Where each service API stands.</summary>
    [Alias("List")]
    Task<ImmutableArray<SharedServiceApi>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The apiIds here of service APIs that the peer knows by others; those that it does not have of us are left out.</summary>
    [Alias("ToOwn")]
    Task<ImmutableDictionary<string, string>> ToOwnAsync(ImmutableArray<string> peerApiIds, CancellationToken cancellationToken);

    /// <summary>The other way: the apiIds by which the peer knows ours.</summary>
    [Alias("ToPeers")]
    Task<ImmutableDictionary<string, string>> ToPeersAsync(ImmutableArray<string> apiIds, CancellationToken cancellationToken);
}
