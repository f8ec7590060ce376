using System.Collections.Immutable;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>Adds a peer, or changes what is known of it.</summary>
    Task<Outcome> SetPeerAsync(InterconnectedCcf ccf, CancellationToken cancellationToken);

    /// <summary>All peers, by ccfId.</summary>
    Task<ImmutableArray<InterconnectedCcf>> ListPeersAsync(CancellationToken cancellationToken);

    /// <summary>All about a peer.</summary>
    Task<PeerReport> ShowPeerAsync(string ccfId, CancellationToken cancellationToken);

    /// <summary>Removes a peer, and what came from it.</summary>
    Task<Outcome> RemovePeerAsync(string ccfId, CancellationToken cancellationToken);

    /// <summary>Refuses a certificate of a peer's from now on.</summary>
    Task<Outcome> RevokePeerCertificateAsync(string ccfId, string serialNumber, CancellationToken cancellationToken);

    /// <summary>Lets API invokers of a peer use a service API.</summary>
    Task<Outcome> AllowPeerAsync(string ccfId, InterconnectionPolicy policy, CancellationToken cancellationToken);

    /// <summary>Takes that back.</summary>
    Task<Outcome> DisallowPeerAsync(string ccfId, PeerPolicySubject subject, CancellationToken cancellationToken);
}

/// <summary>What is known of a peer, if it is one.</summary>
internal sealed record PeerReport
{
    /// <summary>The report; null where there is no such peer.</summary>
    public InterconnectedCcfReport? Peer { get; init; }
}

/// <summary>A certificate of a peer's that is refused.</summary>
internal sealed record PeerCertificateRevocation
{
    /// <summary>Its serial number, hexadecimal.</summary>
    public required string SerialNumber { get; init; }
}

/// <summary>What was allowed and is not any more.</summary>
internal sealed record PeerPolicySubject
{
    /// <summary>The service API.</summary>
    public required string ApiId { get; init; }

    /// <summary>The API invoker; null for what was said of all.</summary>
    public string? ApiInvokerId { get; init; }
}
