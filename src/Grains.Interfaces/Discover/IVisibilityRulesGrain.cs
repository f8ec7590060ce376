using Orleans.Concurrency;

namespace CapifOrleans.Discover;

/// <summary>
/// The visibility rules (one, key "rules"). The operator's administrator manages all of them, an AMF those that it made, which are about its own
/// domain's service APIs only. A change holds for every discovery that begins after it was answered.
/// </summary>
[Alias("capif.IVisibilityRulesGrain")]
public interface IVisibilityRulesGrain : IGrainWithStringKey
{
    /// <summary>Makes a rule.</summary>
    [Alias("Create")]
    Task<Outcome<VisibilityRule>> CreateAsync(CallerIdentity caller, VisibilityRule rule, CancellationToken cancellationToken);

    /// <summary>The caller's rules, in the order in which they were made.</summary>
    [Alias("List")]
    Task<ImmutableArray<VisibilityRule>> ListAsync(CallerIdentity caller, CancellationToken cancellationToken);

    /// <summary>One of them.</summary>
    [Alias("Get")]
    Task<Outcome<VisibilityRule>> GetAsync(CallerIdentity caller, string ruleId, CancellationToken cancellationToken);

    /// <summary>Changes one by a merge patch (RFC 7396).</summary>
    [Alias("Patch")]
    Task<Outcome<VisibilityRule>> PatchAsync(CallerIdentity caller, string ruleId, ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>Removes one.</summary>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(CallerIdentity caller, string ruleId, CancellationToken cancellationToken);

    /// <summary>All rules, for the catalog, which asks in the middle of a change: interleaves, and answers what is durable.</summary>
    [Alias("GetAll"), AlwaysInterleave]
    Task<ImmutableArray<ScopedVisibilityRule>> GetAllAsync(CancellationToken cancellationToken);
}

/// <summary>A visibility rule with the domain that it is bound to.</summary>
[GenerateSerializer, Immutable, Alias("capif.ScopedVisibilityRule")]
public sealed record ScopedVisibilityRule
{
    /// <summary>The rule.</summary>
    [Id(0)]
    public required VisibilityRule Rule { get; init; }

    /// <summary>The domain of the AMF that made it; null for the operator's.</summary>
    [Id(1)]
    public string? ApiProvDomId { get; init; }
}
