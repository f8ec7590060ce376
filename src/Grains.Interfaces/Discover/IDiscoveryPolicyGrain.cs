using Orleans.Concurrency;

namespace CapifOrleans.Discover;

/// <summary>
/// The operator's discovery policy (33.122 6.3.1.2, CAPIF-SEC-4.3-g; 23.222 Annex E). It is the catalog's (the same grain, key "catalog"), so that
/// what is set is in force for every discovery that begins after it was answered. Each change is durable when it returns.
/// </summary>
[Alias("capif.IDiscoveryPolicyGrain")]
public interface IDiscoveryPolicyGrain : IGrainWithStringKey
{
    /// <summary>Sets a restriction, in place of the one for the same service APIs and API invoker. Refused: what names no published service API, or too many.</summary>
    [Alias("SetRestriction")]
    Task<Outcome> SetRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken);

    /// <summary>Removes the restriction for the same service APIs and API invoker. Refused where there is none.</summary>
    [Alias("RemoveRestriction")]
    Task<Outcome> RemoveRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken);

    /// <summary>Removes every restriction that names an API invoker, since it is offboarded. Idempotent.</summary>
    [Alias("ForgetInvoker")]
    Task ForgetInvokerAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Whether open discovery may show a service API (29.222 5.13; by default it may not). Refused: what is not published and shall be shown.</summary>
    [Alias("SetOpen")]
    Task<Outcome> SetOpenAsync(string apiId, bool isOpen, CancellationToken cancellationToken);

    /// <summary>The policy.</summary>
    [Alias("GetPolicy"), AlwaysInterleave]
    Task<DiscoveryRules> GetPolicyAsync(CancellationToken cancellationToken);
}

/// <summary>The whole discovery policy, as the catalog hands it to those who discover.</summary>
[GenerateSerializer, Immutable, Alias("capif.DiscoveryRules")]
public sealed record DiscoveryRules
{
    /// <summary>Which service APIs are found by whom; none where everybody finds all.</summary>
    [Id(0)]
    public ImmutableArray<DiscoveryRestriction> Restrictions { get; init; } = [];

    /// <summary>The service APIs that open discovery may show.</summary>
    [Id(1)]
    public ImmutableArray<string> OpenApiIds { get; init; } = [];
}

/// <summary>
/// Whether some service APIs are found by some API invokers (23.222 Annex E: service API identification, API invoker identity, service API
/// category). What is left out holds for all.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.DiscoveryRestriction")]
public sealed record DiscoveryRestriction
{
    /// <summary>The service API.</summary>
    [Id(0)]
    public string? ApiId { get; init; }

    /// <summary>The category (serviceAPICategory) of the service APIs; never together with <see cref="ApiId"/>.</summary>
    [Id(1)]
    public string? ApiCategory { get; init; }

    /// <summary>The API invoker.</summary>
    [Id(2)]
    public string? ApiInvokerId { get; init; }

    /// <summary>Whether they are found.</summary>
    [Id(3)]
    public bool IsAllowed { get; init; }

    /// <summary>Whether both are about the same service APIs and API invokers.</summary>
    public bool IsAbout(DiscoveryRestriction other) =>
        ApiId == other.ApiId && ApiCategory == other.ApiCategory && ApiInvokerId == other.ApiInvokerId;
}
