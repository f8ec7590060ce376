using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>What the catalog stores: whom to ask.</summary>
internal sealed class ServiceCatalogState
{
    /// <summary>The APFs that publish, with their domains.</summary>
    public Dictionary<string, string> Publishers { get; set; } = [];
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(ServiceCatalogState))]
internal sealed partial class DiscoverStateContext : JsonSerializerContext;

/// <inheritdoc/>
[GrainType("service-catalog")]
internal sealed class ServiceCatalogGrain(
    [PersistentState("catalog", GrainStorage.Name)] IPersistentState<ServiceCatalogState> state) : Grain, IServiceCatalogGrain
{
    // Workers that are further behind get the whole catalog.
    private const int KeptChanges = 1024;

    private readonly Dictionary<string, PublishedServiceApi> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiName, string AefId), string> _names = [];
    private readonly Queue<(long Version, string ApiId)> _changes = new();

    // Not from zero: a worker that outlived an earlier activation of this grain must see that its version is not of this one.
    private long _version = Random.Shared.NextInt64(1L << 52) << 10;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (apfId, domain) in state.State.Publishers)
        {
            foreach (var description in await GrainFactory.GetGrain<IServicePublisherGrain>(apfId).GetAllAsync(cancellationToken))
                Show(new PublishedServiceApi { Description = description, ApfId = apfId, ApiProvDomId = domain });
        }

        _changes.Clear();
    }

    /// <inheritdoc/>
    public async Task<Outcome> ReserveAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken)
    {
        var apiId = serviceApi.Description.ApiId!;
        foreach (var name in Names(serviceApi))
        {
            if (_names.TryGetValue(name, out var holder) && holder != apiId)
            {
                return Refusal.Of(
                    ErrorKind.AlreadyExists, "Already registered service with same api name and aef id", "Found service with same api name and aef id");
            }
        }

        foreach (var name in Names(serviceApi))
            _names[name] = apiId;
        if (state.State.Publishers.TryAdd(serviceApi.ApfId, serviceApi.ApiProvDomId))
            await state.WriteStateAsync();
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task PutAsync(PublishedServiceApi serviceApi, CancellationToken cancellationToken)
    {
        Show(serviceApi);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string apiId, CancellationToken cancellationToken)
    {
        FreeNames(apiId);
        if (_published.Remove(apiId))
            Changed(apiId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ForgetPublisherAsync(string apfId, CancellationToken cancellationToken)
    {
        if (state.State.Publishers.Remove(apfId))
            await state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public Task<CatalogChanges?> GetChangesAsync(long version, CancellationToken cancellationToken) => Task.FromResult(Changes(version));

    private CatalogChanges? Changes(long version)
    {
        if (version == _version)
            return null;
        var isKnown = _changes.TryPeek(out var oldest) && version >= oldest.Version - 1 && version < _version;
        if (!isKnown)
            return new CatalogChanges { Version = _version, IsWhole = true, Published = [.. _published.Values] };
        var changed = _changes.Where(one => one.Version > version).Select(one => one.ApiId).Distinct(StringComparer.Ordinal).ToList();
        return new CatalogChanges
        {
            Version = _version,
            Published = [.. changed.Where(_published.ContainsKey).Select(apiId => _published[apiId])],
            Removed = [.. changed.Where(apiId => !_published.ContainsKey(apiId))],
        };
    }

    private void Show(PublishedServiceApi serviceApi)
    {
        var apiId = serviceApi.Description.ApiId!;
        // An update may have left an AEF or a name.
        FreeNames(apiId);
        foreach (var name in Names(serviceApi))
            _names[name] = apiId;
        _published[apiId] = serviceApi;
        Changed(apiId);
    }

    private void Changed(string apiId)
    {
        _changes.Enqueue((++_version, apiId));
        if (_changes.Count > KeptChanges)
            _changes.Dequeue();
    }

    private void FreeNames(string apiId)
    {
        if (!_published.TryGetValue(apiId, out var before))
            return;
        foreach (var name in Names(before))
        {
            if (_names.TryGetValue(name, out var holder) && holder == apiId)
                _names.Remove(name);
        }
    }

    private static IEnumerable<(string ApiName, string AefId)> Names(PublishedServiceApi serviceApi) =>
        PublishRules.AefIds(serviceApi.Description).Select(aefId => (serviceApi.Description.ApiName, aefId));
}

/// <summary>Registers what discovery needs.</summary>
internal static class DiscoverServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddDiscoverGrains(this IServiceCollection services) =>
        services.AddSingleton<IJsonTypeInfoResolver>(DiscoverStateContext.Default);
}
