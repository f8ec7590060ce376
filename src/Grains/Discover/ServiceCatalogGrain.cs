using CapifOrleans.Discover;
using CapifOrleans.Grains.Routing;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <inheritdoc/>
[GrainType("service-catalog")]
internal sealed partial class ServiceCatalogGrain(
    [PersistentState("catalog", GrainStorage.Name)] IPersistentState<ServiceCatalogState> state,
    [PersistentState("discovery-policy", GrainStorage.Name)] IPersistentState<DiscoveryPolicyState> policy,
    [PersistentState("topology-hiding", GrainStorage.Name)] IPersistentState<TopologyHidingState> hiding,
    TimeProvider time) : Grain, IServiceCatalogGrain
{
    // How many publishers are asked at a time when the index is made.
    private const int AskedAtATime = 64;

    private static readonly Refusal NameTaken = Refusal.Of(
        ErrorKind.AlreadyExists, "Already registered service with same api name and aef id", "Found service with same api name and aef id");

    private readonly CatalogIndex _index = new();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Before any service API: nothing is shown that is hidden.
        _index.SetPolicy(policy.State.ToRules());
        _index.Hide(new TopologyHidingRules(hiding.State.Rules));
        if (hiding.State.PendingEvents.Count > 0)
            PublishSoon();
        foreach (var some in state.State.Publishers.Chunk(AskedAtATime))
        {
            var answers = await Task.WhenAll(some.Select(async publisher => (
                ApfId: publisher.Key,
                ApiProvDomId: publisher.Value,
                Published: await GrainFactory.GetGrain<IServicePublisherGrain>(publisher.Key).GetAllAsync(cancellationToken))));
            foreach (var (apfId, domain, published) in answers)
                Put(apfId, domain, published);
        }

        _index.SetVisibility(await GrainFactory.GetGrain<IVisibilityRulesGrain>("rules").GetAllAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<Outcome<PublishedServiceApi>> ReserveAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken)
    {
        if (!_index.TryReserve(serviceApi, out var shown))
            return NameTaken;
        if (state.State.Publishers.TryAdd(serviceApi.ApfId, serviceApi.ApiProvDomId))
        {
            if (serviceApi.EnrolmentUser is { } user)
                state.State.EnrolmentUsers[serviceApi.ApfId] = user;
            await WriteAsync(state);
        }

        return shown;
    }

    /// <inheritdoc/>
    public Task PutAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken)
    {
        _index.Put(serviceApi);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string apiId, CancellationToken cancellationToken)
    {
        _index.Remove(apiId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ForgetPublisherAsync(string apfId, CancellationToken cancellationToken)
    {
        if (state.State.Publishers.Remove(apfId) | state.State.EnrolmentUsers.Remove(apfId))
            await WriteAsync(state);
    }

    /// <inheritdoc/>
    public Task<PublishedServiceApi?> GetAsync(string apiId, CancellationToken cancellationToken) => Task.FromResult(_index.Find(apiId));

    /// <inheritdoc/>
    public Task SetVisibilityAsync(ImmutableArray<ScopedVisibilityRule> rules, CancellationToken cancellationToken)
    {
        _index.SetVisibility(rules);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<long> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult(_index.Version);

    /// <inheritdoc/>
    public Task<CatalogChanges?> GetChangesAsync(long version, CancellationToken cancellationToken) => Task.FromResult(_index.Since(version));

    private void Put(string apfId, string apiProvDomId, ImmutableArray<ServiceApiDescription> published)
    {
        var user = state.State.EnrolmentUsers.GetValueOrDefault(apfId);
        foreach (var description in published)
            _index.Put(new PublishedServiceApi { Description = description, ApfId = apfId, ApiProvDomId = apiProvDomId, EnrolmentUser = user });
    }

    private async Task WriteAsync<T>(IPersistentState<T> changed)
    {
        try
        {
            await changed.WriteStateAsync();
        }
        catch
        {
            // Nobody knows what is stored: the next activation reads it, and asks all publishers anew.
            DeactivateOnIdle();
            throw;
        }
    }
}
