using CapifOrleans.Discover;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// An API invoker's access control policies (23.222 8.1.3): it gets them with its security context, and leaves none behind. The policies are
/// grains of their own; this one remembers at which service APIs there may be some.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    /// <inheritdoc/>
    public async Task<bool> HoldPolicyAsync(string apiId, string? aefId, CancellationToken cancellationToken)
    {
        if (!IsOnboarded || (aefId is not null && !IsAuthorized(_state.State.SecurityContext, aefId, apiId)))
            return false;
        if (_state.State.PolicyApiIds.Add(apiId))
            await WriteAsync();
        return true;
    }

    /// <summary>What a security context authorizes at each AEF, before it is written: noted, so that offboarding finds the policies.</summary>
    private async Task<List<(string ApiId, string AefId, ImmutableArray<string> AefIds)>> NotePoliciesAsync(
        SecurityContextState negotiated, CancellationToken cancellationToken)
    {
        var authorized = new List<(string ApiId, string AefId, ImmutableArray<string> AefIds)>();
        foreach (var aefId in negotiated.Entries.Where(entry => entry.CcfId is null).SelectMany(entry => entry.AefIds).Distinct(StringComparer.Ordinal))
        {
            foreach (var published in await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken))
            {
                if (IsAuthorized(negotiated, aefId, published.Description.ApiId!))
                    authorized.Add((published.Description.ApiId!, aefId, [.. PublishRules.AefIds(published.Description)]));
            }
        }

        _state.State.PolicyApiIds.UnionWith(authorized.Select(one => one.ApiId));
        return authorized;
    }

    /// <summary>After the write. Where it fails the context stands all the same: the policy is made when an AEF asks for it.</summary>
    private async Task GrantPoliciesAsync(List<(string ApiId, string AefId, ImmutableArray<string> AefIds)> authorized, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(authorized.GroupBy(one => one.ApiId, StringComparer.Ordinal).Select(api =>
                _policies.GrantAsync(ApiInvokerId, api.Key, [.. api.Select(one => one.AefId)], api.First().AefIds, cancellationToken)));
        }
#pragma warning disable CA1031 // Its caller must have the answer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PoliciesDelayed(ApiInvokerId, fault);
        }
    }

    /// <summary>Notes, for the write of a revocation, which policies by default end with it; a reminder finds them after a crash.</summary>
    private async Task NoteEndedPoliciesAsync(SecurityContextState? after, ImmutableArray<string> aefIds, ImmutableArray<string> apiIds)
    {
        var ended = aefIds
            .SelectMany(aefId => apiIds.Where(_state.State.PolicyApiIds.Contains), (aefId, apiId) => new EndedPolicy { ApiId = apiId, AefId = aefId })
            .Where(one => !IsAuthorized(after, one.AefId, one.ApiId))
            .ToList();
        if (ended.Count == 0)
            return;
        await this.RegisterOrUpdateReminder(PendingEvents.Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        _state.State.EndedPolicies.AddRange(ended);
    }

    private async Task EndPoliciesAsync(CancellationToken cancellationToken)
    {
        if (_state.State.EndedPolicies.Count == 0)
            return;
        try
        {
            foreach (var one in _state.State.EndedPolicies.ToList())
            {
                // Negotiated again meanwhile: then it is another's beginning, not this one's end.
                if (!IsAuthorized(_state.State.SecurityContext, one.AefId, one.ApiId))
                    await _policies.Of(one.ApiId, ApiInvokerId).EndAsync(one.AefId, ApiInvokerId, await AefIdsAsync(one, cancellationToken), cancellationToken);
                _state.State.EndedPolicies.Remove(one);
            }

            await WriteAsync();
        }
#pragma warning disable CA1031 // The revocation is on the disk; the reminder tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PoliciesDelayed(ApiInvokerId, fault);
        }
    }

    private async Task TryRemovePoliciesAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        try
        {
            await RemovePoliciesAsync(offboarding, cancellationToken);
        }
#pragma warning disable CA1031 // The offboarding is on the disk; its step tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PoliciesDelayed(ApiInvokerId, fault);
        }
    }

    private async Task RemovePoliciesAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        foreach (var apiId in offboarding.PolicyApiIds)
        {
            var aefIds = await AefIdsAsync(new EndedPolicy { ApiId = apiId, AefId = "" }, cancellationToken);
            await _policies.Of(apiId, ApiInvokerId).RemoveAsync(ApiInvokerId, aefIds, cancellationToken);
        }

        await GrainFactory.GetGrain<IDiscoveryPolicyGrain>("catalog").ForgetInvokerAsync(ApiInvokerId, cancellationToken);
    }

    private async Task<ImmutableArray<string>> AefIdsAsync(EndedPolicy ended, CancellationToken cancellationToken) =>
        await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByIdAsync(ended.ApiId, cancellationToken) is { } published
            ? [.. PublishRules.AefIds(published)]
            : ended.AefId.Length > 0 ? [ended.AefId] : [];

    private static bool IsAuthorized(SecurityContextState? context, string aefId, string apiId) => context?.Entries.Any(entry =>
        entry.AefIds.Contains(aefId) && (entry.Information.ApiId is null || entry.Information.ApiId == apiId)
        && !entry.RevokedApiIds.Contains(apiId)) == true;

    [LoggerMessage(2, LogLevel.Warning, "Access control policies of API invoker {ApiInvokerId} could not be changed yet")]
    private partial void PoliciesDelayed(string apiInvokerId, Exception fault);
}
