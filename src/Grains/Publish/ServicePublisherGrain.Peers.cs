using CapifOrleans.Discover;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Interconnection;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>The publisher of what a peer shares (29.222 5.3.2.2.3): the peer stands where otherwise an APF does.</summary>
internal sealed partial class ServicePublisherGrain
{
    private bool IsPeers => PeerCcfId is not null;

    private string? PeerCcfId => PublishedServiceApi.PeerOf(ApfId);

    /// <inheritdoc/>
    public async Task UnpublishOfAsync(string ccfId, CancellationToken cancellationToken)
    {
        if (_published.Where(one => one.CcfId == ccfId).ToImmutableArray() is { IsEmpty: false } passedOn)
            await RemoveAsync(passedOn);
    }

    private async Task<Outcome<ServiceApiDescription>> PublishForPeerAsync(ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (PublishRules.CheckNew(description, profile) is { } refusal)
            return refusal;
        if (_published.Length >= MaxServiceApis)
            return Refusal.Of(ErrorKind.TooMany, $"A core function publishes at most {MaxServiceApis} service APIs.", "INSUFFICIENT_RESOURCES");
        if (await CheckPeersAsync(description, cancellationToken) is { } wrong)
            return wrong;
        // No domain has such an identifier: nobody's by registration.
        state.State.ApiProvDomId = ApfId;
        var accepted = SharingRules.Received(PublishRules.Accept(description, Guid.NewGuid().ToString("N"), null, profile), PeerCcfId!, interconnection);
        return await PutAsync(accepted, _published.Add(accepted), [AvailabilityOf(accepted)]);
    }

    /// <summary>
    /// What a peer may publish here: nothing that was here before, nothing of a core function that would say so itself, and no AEF that is anybody
    /// else's.
    /// </summary>
    private async Task<Refusal?> CheckPeersAsync(ServiceApiDescription description, CancellationToken cancellationToken)
    {
        var ccfId = PeerCcfId!;
        if (await GrainFactory.GetGrain<IInterconnectedCcfGrain>(ccfId).GetAsync(cancellationToken) is not { } ccf)
            return Refusal.Of(ErrorKind.Unauthenticated, "The core function that publishes is no peer.", "PEER_UNKNOWN");
        if (SharingRules.CheckReceived(description, ccf, interconnection) is { } refusal)
            return refusal;
        if (description.CcfId is { } origin && origin != ccfId
            && (origin == interconnection.CcfId || await GrainFactory.GetGrain<IInterconnectedCcfGrain>(origin).GetAsync(cancellationToken) is not null))
        {
            return Refusal.OfAttribute("ccfId", "is a core function that publishes here itself", ErrorKind.Forbidden, "CCF_NOT_ALLOWED");
        }

        foreach (var aefId in PublishRules.AefIds(description))
        {
            if (await GrainFactory.GetGrain<IProviderFunctionGrain>(aefId).GetAsync(cancellationToken) is not null
                // What came of it through others is its own all the same.
                || await IsAnothersAsync(aefId, one => one.ApfId != ApfId && one.Description.CcfId != ccfId, cancellationToken))
            {
                return Refusal.OfAttribute("aefProfiles", $"AEF {aefId} is not of the core function that publishes", ErrorKind.Forbidden, "AEF_NOT_ALLOWED");
            }
        }

        return null;
    }

    private async Task<bool> IsAnothersAsync(string aefId, Func<PublishedServiceApi, bool> isAnothers, CancellationToken cancellationToken) =>
        (await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken)).Any(isAnothers);
}
