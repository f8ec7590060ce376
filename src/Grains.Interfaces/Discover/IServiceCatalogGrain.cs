using CapifOrleans.Publish;
using Orleans.Concurrency;

namespace CapifOrleans.Discover;

/// <summary>
/// The index of all published service APIs (one, key "catalog"). Its truth is the publishers' state: it stores which APFs publish and asks
/// them anew when it is activated.
/// </summary>
[Alias("capif.IServiceCatalogGrain")]
public interface IServiceCatalogGrain : IGrainWithStringKey
{
    /// <summary>
    /// Before a publisher writes its state: makes sure that the catalog will ask this APF after a restart, and takes the API's name at its
    /// AEFs. Refused where another service API of this name exists at one of them. The answer is the service API as it will be shown.
    /// </summary>
    [Alias("Reserve")]
    Task<Outcome<PublishedServiceApi>> ReserveAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken);

    /// <summary>After the write: the service API is discoverable when it returns.</summary>
    [Alias("Put")]
    Task PutAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken);

    /// <summary>The service API is no longer discoverable, and its reserved name free, when it returns. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>The publisher has nothing left and need not be asked after a restart. Idempotent.</summary>
    [Alias("ForgetPublisher")]
    Task ForgetPublisherAsync(string apfId, CancellationToken cancellationToken);

    /// <summary>A service API as it is shown; null when it is not published. Interleaves.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<PublishedServiceApi?> GetAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>The visibility rules are these now: every discovery that begins after it returned goes by them.</summary>
    [Alias("SetVisibility")]
    Task SetVisibilityAsync(ImmutableArray<ScopedVisibilityRule> rules, CancellationToken cancellationToken);

    /// <summary>The version that the catalog has now: what was decided by an equal one still holds. Interleaves.</summary>
    [Alias("GetVersion"), AlwaysInterleave]
    Task<long> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>What changed since <paramref name="version"/>; null when nothing did. Interleaves: it is called on every discovery.</summary>
    [Alias("GetChanges"), AlwaysInterleave]
    Task<CatalogChanges?> GetChangesAsync(long version, CancellationToken cancellationToken);
}

/// <summary>What changed in the catalog.</summary>
[GenerateSerializer, Immutable, Alias("capif.CatalogChanges")]
public sealed record CatalogChanges
{
    /// <summary>The catalog's version after these changes.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>True where <see cref="Published"/> is the whole catalog and what was known before must be forgotten.</summary>
    [Id(1)]
    public bool IsWhole { get; init; }

    /// <summary>Published or updated, in catalog order.</summary>
    [Id(2)]
    public ImmutableArray<PublishedServiceApi> Published { get; init; } = [];

    /// <summary>The apiIds that were removed.</summary>
    [Id(3)]
    public ImmutableArray<string> Removed { get; init; } = [];

    /// <summary>The discovery policy; null where it is as it was.</summary>
    [Id(4)]
    public DiscoveryRules? Policy { get; init; }

    /// <summary>The visibility rules; null where they did not change.</summary>
    [Id(5)]
    public ImmutableArray<ScopedVisibilityRule>? Visibility { get; init; }
}
