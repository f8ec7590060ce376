using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Events;

/// <summary>What is stored of discoveries.</summary>
internal sealed class DiscoveryCountsState
{
    /// <summary>By apiId.</summary>
    public Dictionary<string, DiscoveryTally> Counts { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("discovery-counts")]
internal sealed class DiscoveryCountsGrain([PersistentState("counts", GrainStorage.Name)] IPersistentState<DiscoveryCountsState> state)
    : Grain, IDiscoveryCountsGrain
{
    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // What is no longer published is forgotten here, so that the counts do not grow for ever.
        var catalog = await GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(-1, cancellationToken);
        if (catalog is null)
            return;
        var published = catalog.Published.Select(one => one.Description.ApiId!).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in state.State.Counts.Keys.Where(apiId => !published.Contains(apiId)).ToList())
            state.State.Counts.Remove(gone);
    }

    /// <inheritdoc/>
    public async Task AddAsync(ImmutableArray<DiscoveryTally> counted, CancellationToken cancellationToken)
    {
        foreach (var one in counted)
        {
            var before = state.State.Counts.GetValueOrDefault(one.ApiId) ?? new DiscoveryTally { ApiId = one.ApiId };
            state.State.Counts[one.ApiId] = before with { Requests = before.Requests + one.Requests, Responses = before.Responses + one.Responses };
        }

        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<DiscoveryTally>> GetAsync(ImmutableArray<string>? apiIds, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<DiscoveryTally>>(apiIds is { } named
            ? [.. named.Distinct(StringComparer.Ordinal).Select(apiId => state.State.Counts.GetValueOrDefault(apiId) ?? new DiscoveryTally { ApiId = apiId })]
            : [.. state.State.Counts.Values]);
}
