using Orleans.Concurrency;

namespace CapifOrleans.Interconnection;

/// <summary>
/// A peer: who it is, how it proves it, and what its API invokers may use. The key is its ccfId. Questions interleave: they are answered of what is
/// on the disk, while steps that ask other grains are under way.
/// </summary>
[Alias("capif.IInterconnectedCcfGrain")]
public interface IInterconnectedCcfGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds the peer, or changes what is known of it: durable when it returns. A certificate that the new description does not cover is refused
    /// from then on, on open connections as well.
    /// </summary>
    [Alias("Set")]
    Task<Outcome> SetAsync(InterconnectedCcf ccf, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the peer: it is refused when this returns, and what came from it (its service APIs, its API invokers' security contexts and keys)
    /// is taken away by steps that go on over restarts. Refused where it is none.
    /// </summary>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(CancellationToken cancellationToken);

    /// <summary>What is known of it; null where it is none.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<InterconnectedCcf?> GetAsync(CancellationToken cancellationToken);

    /// <summary>All about it; null where it is none.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task<InterconnectedCcfReport?> ReportAsync(CancellationToken cancellationToken);

    /// <summary>The peer's identity, if the certificate that was presented is its; otherwise why it is not.</summary>
    [Alias("Identify"), AlwaysInterleave]
    Task<Outcome<CallerIdentity>> IdentifyAsync(PresentedPeerCertificate certificate, CancellationToken cancellationToken);

    /// <summary>Refuses a certificate of the peer's from now on, before it expires: its key is no longer its own. Idempotent.</summary>
    [Alias("RevokeCertificate")]
    Task<Outcome> RevokeCertificateAsync(string serialNumber, CancellationToken cancellationToken);

    /// <summary>Lets API invokers of the peer use a service API, in place of what was said of the same before.</summary>
    [Alias("Allow")]
    Task<Outcome> AllowAsync(InterconnectionPolicy policy, CancellationToken cancellationToken);

    /// <summary>Takes that back; who used it by that is refused. <paramref name="apiInvokerId"/> is null for what was said of all.</summary>
    [Alias("Disallow")]
    Task<Outcome> DisallowAsync(string apiId, string? apiInvokerId, CancellationToken cancellationToken);

    /// <summary>What an API invoker of the peer may use; empty for nothing, and where the peer is none.</summary>
    [Alias("GetPolicies"), AlwaysInterleave]
    Task<ImmutableArray<InterconnectionPolicy>> GetPoliciesAsync(string apiInvokerId, CancellationToken cancellationToken);
}

/// <summary>The peers of this core function (one, key "peers").</summary>
[Alias("capif.IInterconnectionDirectoryGrain")]
public interface IInterconnectionDirectoryGrain : IGrainWithStringKey
{
    /// <summary>All peers, by ccfId.</summary>
    [Alias("List")]
    Task<ImmutableArray<InterconnectedCcf>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Enters a peer or what is new of it. Idempotent, durable when it returns.</summary>
    [Alias("Put")]
    Task PutAsync(InterconnectedCcf ccf, CancellationToken cancellationToken);

    /// <summary>Takes a peer out. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string ccfId, CancellationToken cancellationToken);

    /// <summary>Lets every peer's share begin where it stood, after a start.</summary>
    [Alias("Begin")]
    Task BeginAsync(CancellationToken cancellationToken);
}

/// <summary>A certificate that somebody presented on the interconnection listener and proved to hold; nothing of it is checked yet.</summary>
[GenerateSerializer, Immutable, Alias("capif.PresentedPeerCertificate")]
public sealed record PresentedPeerCertificate
{
    /// <summary>The certificate, DER.</summary>
    [Id(0)]
    public required ImmutableArray<byte> Certificate { get; init; }

    /// <summary>What was sent along to build its chain, DER.</summary>
    [Id(1)]
    public ImmutableArray<ImmutableArray<byte>> Chain { get; init; } = [];
}
