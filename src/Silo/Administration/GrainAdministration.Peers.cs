using System.Collections.Immutable;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    /// <inheritdoc/>
    public Task<Outcome> SetPeerAsync(InterconnectedCcf ccf, CancellationToken cancellationToken) => Peer(ccf.CcfId).SetAsync(ccf, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<InterconnectedCcf>> ListPeersAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IInterconnectionDirectoryGrain>("peers").ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<PeerReport> ShowPeerAsync(string ccfId, CancellationToken cancellationToken) =>
        new() { Peer = await Peer(ccfId).ReportAsync(cancellationToken) };

    /// <inheritdoc/>
    public Task<Outcome> RemovePeerAsync(string ccfId, CancellationToken cancellationToken) => Peer(ccfId).RemoveAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RevokePeerCertificateAsync(string ccfId, string serialNumber, CancellationToken cancellationToken) =>
        Peer(ccfId).RevokeCertificateAsync(serialNumber, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> AllowPeerAsync(string ccfId, InterconnectionPolicy policy, CancellationToken cancellationToken) =>
        Peer(ccfId).AllowAsync(policy, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> DisallowPeerAsync(string ccfId, PeerPolicySubject subject, CancellationToken cancellationToken) =>
        Peer(ccfId).DisallowAsync(subject.ApiId, subject.ApiInvokerId, cancellationToken);

    private IInterconnectedCcfGrain Peer(string ccfId) => grains.GetGrain<IInterconnectedCcfGrain>(ccfId);
}
