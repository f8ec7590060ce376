using System.Collections.Immutable;
using CapifOrleans.Discover;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Routing;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    private IDiscoveryPolicyGrain DiscoveryPolicy => grains.GetGrain<IDiscoveryPolicyGrain>("catalog");

    private ITopologyHidingGrain TopologyHiding => grains.GetGrain<ITopologyHidingGrain>("catalog");

    /// <inheritdoc/>
    public async Task<Outcome> SetRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken)
    {
        // A misspelled identifier would be a restriction that restricts nobody.
        if (restriction.ApiInvokerId is { } apiInvokerId && !await grains.GetGrain<IApiInvokerGrain>(apiInvokerId).IsOnboardedAsync(cancellationToken))
            return Refusal.OfAttribute("apiInvokerId", "no such API invoker is onboarded", ErrorKind.NotFound, "API_INVOKER_NOT_FOUND");
        return await DiscoveryPolicy.SetRestrictionAsync(restriction, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome> RemoveRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken) =>
        DiscoveryPolicy.RemoveRestrictionAsync(restriction, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetOpenAsync(OpenServiceApi serviceApi, CancellationToken cancellationToken) =>
        DiscoveryPolicy.SetOpenAsync(serviceApi.ApiId, serviceApi.IsOpen, cancellationToken);

    /// <inheritdoc/>
    public Task<DiscoveryRules> GetDiscoveryPolicyAsync(CancellationToken cancellationToken) => DiscoveryPolicy.GetPolicyAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetHidingAsync(TopologyHidingRule rule, CancellationToken cancellationToken) => TopologyHiding.SetHidingAsync(rule, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveHidingAsync(HiddenSubject subject, CancellationToken cancellationToken) =>
        TopologyHiding.RemoveHidingAsync(subject.ApiId, subject.AefId, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<TopologyHidingRule>> ListHidingsAsync(CancellationToken cancellationToken) => TopologyHiding.ListHidingsAsync(cancellationToken);
}
