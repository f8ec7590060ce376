using CapifOrleans.AccessControl;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// What the operator allows becomes an access control policy (29.222 8.6) of the API invoker's own: AEFs enforce it as any other, and refuse whoever has
/// none.
/// </summary>
internal sealed partial class InterconnectedInvokerGrain
{
    /// <summary>The policies that apply to what a security context has a method for.</summary>
    private async Task<List<(InterconnectionPolicy Policy, ImmutableArray<string> AefIds)>> AuthorizedAsync(
        SecurityContextState context, ImmutableArray<InterconnectionPolicy> allowed, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, (InterconnectionPolicy Policy, ImmutableArray<string> AefIds)>(StringComparer.Ordinal);
        foreach (var entry in context.Entries.Where(one => one.Information.SelSecurityMethod is not null))
        {
            foreach (var aefId in entry.AefIds)
            {
                foreach (var api in await Discovery.FindByAefAsync(aefId, null, cancellationToken))
                {
                    var apiId = api.Description.ApiId!;
                    if (IsCovered(entry, api) && allowed.FirstOrDefault(one => one.ApiId == apiId) is { } policy)
                        found[apiId] = (policy, [.. PublishRules.AefIds(api.Description)]);
                }
            }
        }

        return [.. found.Values];
    }

    private static bool IsCovered(SecurityContextEntry entry, PublishedServiceApi api) =>
        api.PeerCcfId is null && (entry.Information.ApiId is null || entry.Information.ApiId == api.Description.ApiId)
        && !entry.RevokedApiIds.Contains(api.Description.ApiId!);

    private Task SetPoliciesAsync(IEnumerable<(InterconnectionPolicy Policy, ImmutableArray<string> AefIds)> authorized, CancellationToken cancellationToken) =>
        Task.WhenAll(authorized.Select(one => policies.SetAsync(
            new PolicySubject { ApiId = one.Policy.ApiId }, one.Policy.Bounds with { ApiInvokerId = ApiInvokerId }, one.AefIds, cancellationToken)));

    private async Task RemovePoliciesAsync(List<string> apiIds, CancellationToken cancellationToken)
    {
        foreach (var apiId in apiIds)
        {
            var published = await Discovery.FindByIdAsync(apiId, cancellationToken);
            ImmutableArray<string> aefIds = published is null ? [] : [.. PublishRules.AefIds(published.Description)];
            await policies.Of(apiId, ApiInvokerId).RemoveAsync(ApiInvokerId, aefIds, cancellationToken);
        }
    }
}
