using CapifOrleans.AccessControl;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Routing;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Events;

/// <summary>
/// What an event would tell if it happened for everything that is so now: immediate reports (immRep) and the two events that are counts. What
/// leaves no state behind (an invocation, a revocation, a failed onboarding) has nothing to tell.
/// </summary>
internal sealed class CurrentState(IGrainFactory grains, PolicyRegister policies)
{
    /// <summary>The details of the notifications that tell how it is; none where nothing is so.</summary>
    public async Task<IReadOnlyList<CapifEventDetail>> OfAsync(CallerIdentity subscriber, CapifEvent capifEvent, CapifEventFilter? filter) => capifEvent switch
    {
        CapifEvent.ServiceApiAvailable => Apis(await KnownAsync(subscriber, filter), PublishRules.IsAvailable, withIdentifiers: true),
        CapifEvent.ServiceApiUnavailable => Apis(await KnownAsync(subscriber, filter), one => !PublishRules.IsAvailable(one), withIdentifiers: true),
        CapifEvent.ServiceApiUpdate => Apis(await KnownAsync(subscriber, filter), _ => true, withIdentifiers: false),
        CapifEvent.ApiTopologyHidingCreated => await HiddenAsync(subscriber, filter),
        CapifEvent.ApiInvokerOnboarded => Invokers(await InvokersAsync(filter, async one => await one.IsOnboardedAsync(default))),
        CapifEvent.ApiInvokerOffboarded => Invokers(await InvokersAsync(filter, async one => await one.GetOffboardingAsync(default) is not null)),
        CapifEvent.AccessControlPolicyUpdate => await PoliciesAsync(subscriber, filter),
        CapifEvent.ServiceApiOnboardedByApiInvokersCount => await OnboardedAsync(filter),
        _ => [],
    };

    /// <summary>How often the service APIs of a filter were discovered until now.</summary>
    public async Task<ImmutableArray<DiscoveryTally>> DiscoveriesAsync(CapifEventFilter? filter) =>
        await grains.GetGrain<IDiscoveryCountsGrain>("discoveries").GetAsync(filter?.ApiIds, default);

    private static IReadOnlyList<CapifEventDetail> Apis(
        ImmutableArray<ServiceApiDescription> published, Func<ServiceApiDescription, bool> isSo, bool withIdentifiers)
    {
        ImmutableArray<ServiceApiDescription> found = [.. published.Where(isSo)];
        return found.IsEmpty
            ? []
            : [new CapifEventDetail { ApiIds = withIdentifiers ? [.. found.Select(one => one.ApiId!)] : null, ServiceApiDescriptions = found }];
    }

    private static IReadOnlyList<CapifEventDetail> Invokers(ImmutableArray<string> found) =>
        found.IsEmpty ? [] : [new CapifEventDetail { ApiInvokerIds = found }];

    private async Task<ImmutableArray<ServiceApiDescription>> PublishedAsync(CapifEventFilter? filter)
    {
        var catalog = await grains.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(-1, default);
        return [.. (catalog?.Published ?? []).Select(one => one.Description).Where(one => filter?.ApiIds is not { } apiIds || apiIds.Contains(one.ApiId!))];
    }

    /// <summary>Of these an API invoker knows what the discovery policy lets it find.</summary>
    private async Task<ImmutableArray<ServiceApiDescription>> KnownAsync(CallerIdentity subscriber, CapifEventFilter? filter)
    {
        var published = await PublishedAsync(filter);
        if (subscriber.Role != CallerRole.ApiInvoker)
            return published;
        var policy = new DiscoveryPolicy(await grains.GetGrain<IDiscoveryPolicyGrain>("catalog").GetPolicyAsync(default));
        return published.RemoveAll(one => !policy.Shows(subscriber.Id, one));
    }

    /// <summary>What the AEF hides now.</summary>
    private async Task<IReadOnlyList<CapifEventDetail>> HiddenAsync(CallerIdentity aef, CapifEventFilter? filter)
    {
        var catalog = await grains.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(-1, default);
        return
        [
            .. (catalog?.Published ?? []).Where(one => filter?.ApiIds is not { } apiIds || apiIds.Contains(one.Description.ApiId!))
                .Select(one => (ApiId: one.Description.ApiId!, Rules: TopologyHidingEvents.RulesOf(one, aef.Id)))
                .Where(one => !one.Rules.IsEmpty)
                .Select(one => new CapifEventDetail { ApiTopoHide = new TopologyHiding { ApiId = one.ApiId, RoutingRules = one.Rules } }),
        ];
    }

    // API invokers are not listed anywhere: those that the filter names can be asked.
    private async Task<ImmutableArray<string>> InvokersAsync(CapifEventFilter? filter, Func<IApiInvokerGrain, Task<bool>> isSo)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var apiInvokerId in filter?.ApiInvokerIds ?? [])
        {
            if (await isSo(grains.GetGrain<IApiInvokerGrain>(apiInvokerId)))
                found.Add(apiInvokerId);
        }

        return found.ToImmutable();
    }

    private async Task<IReadOnlyList<CapifEventDetail>> PoliciesAsync(CallerIdentity aef, CapifEventFilter? filter)
    {
        var details = new List<CapifEventDetail>();
        foreach (var api in await PublishedAsync(filter))
        {
            if (!PublishRules.AefIds(api).Contains(aef.Id))
                continue;
            var outcome = await grains.GetGrain<IAccessControlGrain>(0).QueryAsync(aef, new AccessControlQuery { ApiId = api.ApiId! }, default);
            if (!outcome.TryGet(out var list, out _))
                continue;
            ImmutableArray<ApiInvokerPolicy> wanted =
                [.. (list.ApiInvokerPolicies ?? []).Where(one => filter?.ApiInvokerIds is not { } ids || ids.Contains(one.ApiInvokerId))];
            if (!wanted.IsEmpty)
                details.Add(new CapifEventDetail { AccCtrlPolList = new AccessControlPolicyListExt { ApiId = api.ApiId!, ApiInvokerPolicies = wanted } });
        }

        return details;
    }

    /// <summary>API invokers with a security context for the service API: those have a policy by default there (23.222 8.1.3).</summary>
    private async Task<IReadOnlyList<CapifEventDetail>> OnboardedAsync(CapifEventFilter? filter)
    {
        var counts = ImmutableArray.CreateBuilder<ApiInvokerCount>();
        foreach (var api in await PublishedAsync(filter))
        {
            var (_, held) = await policies.GetAsync(api.ApiId!, null, default);
            counts.Add(new ApiInvokerCount
            {
                ApiId = api.ApiId!,
                Count = held.Where(one => one.IsByDefault).Select(one => one.Policy.ApiInvokerId).Distinct(StringComparer.Ordinal).Count(),
            });
        }

        return counts.Count == 0 ? [] : [new CapifEventDetail { OnboardedCount = counts.ToImmutable() }];
    }
}
