using CapifOrleans.AccessControl;
using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.AccessControl;

/// <inheritdoc/>
[GrainType("access-control"), StatelessWorker]
internal sealed partial class AccessControlGrain(
    PolicyRegister register, CompatibilityProfile profile, ILogger<AccessControlGrain> logger) : Grain, IAccessControlGrain
{
    private const int CapifExt1 = 1;

    /// <inheritdoc/>
    public async Task<Outcome<AccessControlPolicyList>> QueryAsync(CallerIdentity aef, AccessControlQuery query, CancellationToken cancellationToken)
    {
        if (await FindAsync(query.ApiId, null, cancellationToken) is not { } published || !AefIds(published).Contains(aef.Id))
            return AccessControlRefusals.NoPolicies(query.ApiId, aef.Id, query.ApiInvokerId);
        var (_, held) = await register.GetAsync(query.ApiId, query.ApiInvokerId, cancellationToken);
        var policies = EffectivePolicies.At(aef.Id, held);
        if (query.ApiInvokerId is { } apiInvokerId && policies.Count == 0
            && await GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId).HoldPolicyAsync(query.ApiId, aef.Id, cancellationToken))
        {
            // Authorized, and without policy: the service API came to the AEF later, or something stopped in between.
            await register.GrantAsync(apiInvokerId, query.ApiId, [aef.Id], AefIds(published), cancellationToken);
            policies = EffectivePolicies.At(aef.Id, await register.Of(query.ApiId, apiInvokerId).GetAsync(apiInvokerId, cancellationToken));
        }

        // Who does not know slices would let through what is meant for some only: such policies are not its to see (29.222 8.6.6).
        var knowsSlices = query.SupportedFeatures?.Has(CapifExt1) == true;
        ImmutableArray<ApiInvokerPolicy> shown = [.. policies.Values.Where(one => knowsSlices || one.NetSliceInfo is null)];
        return shown.IsEmpty && profile.WritesPoliciesOut
            ? AccessControlRefusals.NoPolicies(query.ApiId, aef.Id, query.ApiInvokerId)
            : new AccessControlPolicyList { ApiInvokerPolicies = shown };
    }

    /// <inheritdoc/>
    public async Task<Outcome> SetAsync(PolicySetting setting, CancellationToken cancellationToken)
    {
        var subject = setting.Subject;
        if (AccessControlRules.Check(setting.Policy) is { } invalid)
            return invalid;
        if (await FindAsync(subject.ApiId, subject.ApiProvDomId, cancellationToken) is not { } published)
            return Unpublished;
        if (subject.AefId is { } aefId && !AefIds(published).Contains(aefId))
            return Refusal.OfAttribute("aefId", "does not expose this service API");
        if (subject.ApiInvokerId is not { } apiInvokerId)
        {
            if (subject.AefId is not null)
                return Refusal.OfAttribute("apiInvokerId", "is missing: what later API invokers get is for all AEFs");
            await register.Common(subject.ApiId).SetDefaultAsync(setting.Policy with { ApiInvokerId = "" }, cancellationToken);
            PolicySet(subject.ApiId, null, null);
            return Outcome.Done;
        }

        var invoker = GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId);
        // The API invoker's offboarding will remove it.
        if (!await invoker.HoldPolicyAsync(subject.ApiId, null, cancellationToken))
            return Refusal.OfAttribute("apiInvokerId", "no such API invoker is onboarded", ErrorKind.NotFound, "API_INVOKER_NOT_FOUND");
        await register.SetAsync(subject, setting.Policy with { ApiInvokerId = apiInvokerId }, AefIds(published), cancellationToken);
        // One that was offboarded meanwhile may have looked before this came.
        if (!await invoker.IsOnboardedAsync(cancellationToken))
            await register.Of(subject.ApiId, apiInvokerId).RemoveAsync(apiInvokerId, AefIds(published), cancellationToken);
        PolicySet(subject.ApiId, subject.AefId, apiInvokerId);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome<PolicyReport>> ListAsync(string apiId, string? apiProvDomId, CancellationToken cancellationToken)
    {
        if (await FindAsync(apiId, apiProvDomId, cancellationToken) is null)
            return Unpublished;
        var (common, held) = await register.GetAsync(apiId, null, cancellationToken);
        return new PolicyReport { Default = common.Default, Policies = held };
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(PolicySubject subject, CancellationToken cancellationToken)
    {
        if (await FindAsync(subject.ApiId, subject.ApiProvDomId, cancellationToken) is not { } published)
            return Unpublished;
        if (subject.ApiInvokerId is not { } apiInvokerId)
        {
            if ((await register.Common(subject.ApiId).GetAsync(cancellationToken)).Default is null)
                return NothingSet;
            await register.Common(subject.ApiId).SetDefaultAsync(null, cancellationToken);
        }
        else if (!await register.Of(subject.ApiId, apiInvokerId).UnsetAsync(subject.AefId, apiInvokerId, AefIds(published), cancellationToken))
        {
            return NothingSet;
        }

        PolicyRemoved(subject.ApiId, subject.AefId, subject.ApiInvokerId);
        return Outcome.Done;
    }

    private static Refusal Unpublished => Refusal.NotFound("There is no published service API of this identifier.", "Service API id not found");

    private static Refusal NothingSet => Refusal.NotFound("Nothing was set there that could be removed.", "POLICY_NOT_FOUND");

    private static ImmutableArray<string> AefIds(PublishedServiceApi published) => [.. PublishRules.AefIds(published)];

    private async Task<PublishedServiceApi?> FindAsync(string apiId, string? apiProvDomId, CancellationToken cancellationToken) =>
        await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByIdAsync(apiId, cancellationToken) is { } found
        && (apiProvDomId is null || found.ApiProvDomId == apiProvDomId) ? found : null;

    [LoggerMessage(1, LogLevel.Information, "Access control policy set: service API {ApiId}, AEF {AefId}, API invoker {ApiInvokerId}")]
    private partial void PolicySet(string apiId, string? aefId, string? apiInvokerId);

    [LoggerMessage(2, LogLevel.Information, "Access control policy removed: service API {ApiId}, AEF {AefId}, API invoker {ApiInvokerId}")]
    private partial void PolicyRemoved(string apiId, string? aefId, string? apiInvokerId);
}
