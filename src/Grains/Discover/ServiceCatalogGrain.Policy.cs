using CapifOrleans.Discover;

namespace CapifOrleans.Grains.Discover;

/// <summary>The discovery policy is kept beside the catalog and goes with its versions to the workers that discover: no request asks for it.</summary>
internal sealed partial class ServiceCatalogGrain : IDiscoveryPolicyGrain
{
    // All of them are one document, and in the memory of every worker.
    private const int MaxRestrictions = 10_000;

    private static readonly Refusal NoSuchRestriction = Refusal.NotFound("Nothing was set there that could be removed.", "RESTRICTION_NOT_FOUND");

    private static readonly Refusal NotPublished =
        Refusal.OfAttribute("apiId", "There is no published service API of this identifier.", ErrorKind.NotFound, "Service API id not found");

    /// <inheritdoc/>
    public async Task<Outcome> SetRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken)
    {
        if (restriction is { ApiId: not null, ApiCategory: not null })
            return Refusal.OfAttribute("apiCategory", "must be absent where a service API is named");
        if (restriction is { ApiId: "" } or { ApiCategory: "" } or { ApiInvokerId: "" })
            return Refusal.OfAttribute("restriction", "must not name anything by an empty text");
        if (restriction.ApiId is { } apiId && _index.Find(apiId) is null)
            return NotPublished;
        // Those about service APIs that are gone are of no use to anybody.
        var kept = policy.State.Restrictions.FindAll(one => !one.IsAbout(restriction) && (one.ApiId is not { } other || _index.Find(other) is not null));
        if (kept.Count >= MaxRestrictions)
            return Refusal.Of(ErrorKind.TooMany, $"There are at most {MaxRestrictions} restrictions.", "INSUFFICIENT_RESOURCES");
        kept.Add(restriction);
        await ChangePolicyAsync(kept, policy.State.OpenApiIds);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken)
    {
        var kept = policy.State.Restrictions.FindAll(one => !one.IsAbout(restriction));
        if (kept.Count == policy.State.Restrictions.Count)
            return NoSuchRestriction;
        await ChangePolicyAsync(kept, policy.State.OpenApiIds);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task ForgetInvokerAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        var kept = policy.State.Restrictions.FindAll(one => one.ApiInvokerId != apiInvokerId);
        if (kept.Count < policy.State.Restrictions.Count)
            await ChangePolicyAsync(kept, policy.State.OpenApiIds);
    }

    /// <inheritdoc/>
    public async Task<Outcome> SetOpenAsync(string apiId, bool isOpen, CancellationToken cancellationToken)
    {
        if (isOpen && _index.Find(apiId) is null)
            return NotPublished;
        if (policy.State.OpenApiIds.Contains(apiId) == isOpen)
            return isOpen ? Outcome.Done : Refusal.NotFound("Open discovery does not show this service API.", "NOT_OPEN");
        var open = policy.State.OpenApiIds.FindAll(one => one != apiId && _index.Find(one) is not null);
        if (isOpen)
            open.Add(apiId);
        await ChangePolicyAsync(policy.State.Restrictions, open);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<DiscoveryRules> GetPolicyAsync(CancellationToken cancellationToken) => Task.FromResult(_index.Policy);

    private async Task ChangePolicyAsync(List<DiscoveryRestriction> restrictions, List<string> openApiIds)
    {
        policy.State.Restrictions = restrictions;
        policy.State.OpenApiIds = openApiIds;
        await WriteAsync(policy);
        _index.SetPolicy(policy.State.ToRules());
    }
}
