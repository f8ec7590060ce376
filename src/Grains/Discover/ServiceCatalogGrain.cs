using CapifOrleans.Discover;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <inheritdoc/>
[GrainType("service-catalog")]
internal sealed class ServiceCatalogGrain(
    [PersistentState("catalog", GrainStorage.Name)] IPersistentState<ServiceCatalogState> state) : Grain, IServiceCatalogGrain
{
    // How many publishers are asked at a time when the index is made.
    private const int AskedAtATime = 64;

    private static readonly Refusal NameTaken = Refusal.Of(
        ErrorKind.AlreadyExists, "Already registered service with same api name and aef id", "Found service with same api name and aef id");

    private readonly CatalogIndex _index = new();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var some in state.State.Publishers.Chunk(AskedAtATime))
        {
            var answers = await Task.WhenAll(some.Select(async publisher => (
                ApfId: publisher.Key,
                ApiProvDomId: publisher.Value,
                Published: await GrainFactory.GetGrain<IServicePublisherGrain>(publisher.Key).GetAllAsync(cancellationToken))));
            foreach (var (apfId, domain, published) in answers)
                Put(apfId, domain, published);
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome> ReserveAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken)
    {
        if (!_index.TryReserve(serviceApi))
            return NameTaken;
        if (state.State.Publishers.TryAdd(serviceApi.ApfId, serviceApi.ApiProvDomId))
            await WriteAsync();
        return Outcome.Done;
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
        if (state.State.Publishers.Remove(apfId))
            await WriteAsync();
    }

    /// <inheritdoc/>
    public Task<long> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult(_index.Version);

    /// <inheritdoc/>
    public Task<CatalogChanges?> GetChangesAsync(long version, CancellationToken cancellationToken) => Task.FromResult(_index.Since(version));

    private void Put(string apfId, string apiProvDomId, ImmutableArray<ServiceApiDescription> published)
    {
        foreach (var description in published)
            _index.Put(new PublishedServiceApi { Description = description, ApfId = apfId, ApiProvDomId = apiProvDomId });
    }

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Nobody knows what is stored: the next activation reads it, and asks all publishers anew.
            DeactivateOnIdle();
            throw;
        }
    }
}
