using System.Text;
using CapifOrleans.AccessControl;
using CapifOrleans.Compatibility;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.AccessControl;

/// <summary>
/// The way to the policies for grains and workers: which grain holds an API invoker's, and what it gets by default. No grain calls another
/// through a worker for them, so that nobody waits in a circle.
/// </summary>
internal sealed class PolicyRegister(
    IGrainFactory grains, AccessControlOptions options, CompatibilityProfile profile, TimeProvider time)
{
    /// <summary>What is on record of all API invokers of a service API, or of one.</summary>
    public async Task<(ServiceApiPolicies Common, ImmutableArray<HeldPolicy> Held)> GetAsync(
        string apiId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        var common = await Common(apiId).GetAsync(cancellationToken);
        var shares = apiInvokerId is null ? common.Shares : common.Shares.Contains(Share(apiInvokerId)) ? [Share(apiInvokerId)] : [];
        var held = await Task.WhenAll(shares.Select(share => Shared(apiId, share).GetAsync(apiInvokerId, cancellationToken)));
        return (common, [.. held.SelectMany(one => one).OrderBy(one => one.CreatedAt)]);
    }

    /// <summary>Gives an API invoker what it gets by default at these AEFs, where it has nothing by default yet.</summary>
    public async Task GrantAsync(
        string apiInvokerId, string apiId, ImmutableArray<string> at, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var common = await Common(apiId).UseAsync(Share(apiInvokerId), cancellationToken);
        var policy = WrittenOut((common.Default ?? Default) with { ApiInvokerId = apiInvokerId });
        await Of(apiId, apiInvokerId).PutAsync(
            [.. at.Select(aefId => new HeldPolicy { AefId = aefId, IsByDefault = true, Policy = policy })], aefIds, cancellationToken);
    }

    /// <summary>Sets a policy.</summary>
    public async Task SetAsync(PolicySubject subject, ApiInvokerPolicy policy, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var apiInvokerId = policy.ApiInvokerId;
        await Common(subject.ApiId).UseAsync(Share(apiInvokerId), cancellationToken);
        await Of(subject.ApiId, apiInvokerId).PutAsync([new HeldPolicy { AefId = subject.AefId, Policy = policy }], aefIds, cancellationToken);
    }

    /// <summary>Removes all policies of a service API that is no longer published.</summary>
    public async Task RemoveAsync(string apiId, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var common = await Common(apiId).GetAsync(cancellationToken);
        await Task.WhenAll(common.Shares.Select(share => Shared(apiId, share).RemoveAsync(null, aefIds, cancellationToken)));
        await Common(apiId).RemoveAsync(cancellationToken);
    }

    /// <summary>What all API invokers of a service API have in common.</summary>
    public IAccessControlPolicyGrain Common(string apiId) => grains.GetGrain<IAccessControlPolicyGrain>(apiId);

    /// <summary>The grain with an API invoker's policies.</summary>
    public IApiInvokerPoliciesGrain Of(string apiId, string apiInvokerId) => Shared(apiId, Share(apiInvokerId));

    private ApiInvokerPolicy Default => new()
    {
        ApiInvokerId = "",
        AllowedTotalInvocations = options.DefaultTotalInvocations,
        AllowedInvocationsPerSecond = options.DefaultInvocationsPerSecond,
    };

    /// <summary>A policy that says what it does not bound, where a profile wants that: bounds that nobody reaches.</summary>
    private ApiInvokerPolicy WrittenOut(ApiInvokerPolicy policy) => !profile.WritesPoliciesOut ? policy : policy with
    {
        AllowedTotalInvocations = policy.AllowedTotalInvocations ?? int.MaxValue,
        AllowedInvocationsPerSecond = policy.AllowedInvocationsPerSecond ?? int.MaxValue,
        AllowedInvocationTimeRangeList = policy.AllowedInvocationTimeRangeList
            ?? [new TimeRange { StartTime = WireDateTime.Of(time.GetUtcNow()), StopTime = WireDateTime.Of(DateTimeOffset.MaxValue) }],
    };

    private IApiInvokerPoliciesGrain Shared(string apiId, string share) => grains.GetGrain<IApiInvokerPoliciesGrain>($"{apiId}/{share}");

    // 256 shares: 100,000 API invokers of one service API are some 400 policies a grain. The function is stored in keys, and never changes.
    private static string Share(string apiInvokerId)
    {
        uint hash = 2166136261;
        foreach (var octet in Encoding.UTF8.GetBytes(apiInvokerId))
            hash = (hash ^ octet) * 16777619;
        return ((hash ^ (hash >> 16)) & 0xff).ToString("x2", System.Globalization.CultureInfo.InvariantCulture);
    }
}
