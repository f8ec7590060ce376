using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// All published service APIs in memory, the names that are taken at AEFs, and which of them changed last, so that whoever has an older
/// version gets the difference only.
/// </summary>
internal sealed class CatalogIndex
{
    // Whoever is further behind gets the whole catalog.
    private const int KeptChanges = 1024;

    private readonly Dictionary<string, PublishedServiceApi> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiName, string AefId), string> _holders = [];
    private readonly Dictionary<string, HashSet<(string ApiName, string AefId)>> _held = new(StringComparer.Ordinal);
    private readonly Queue<(long Version, string ApiId)> _changes = new();

    // Not from zero: who has a version of an earlier index must see that it is not of this one.
    private readonly long _first = Random.Shared.NextInt64(1L << 52) << 10;
    private long _version;

    public CatalogIndex() => _version = _first;

    /// <summary>The version that it has now.</summary>
    public long Version => _version;

    /// <summary>Takes the names of a service API at its AEFs; false, and nothing is taken, where another service API holds one.</summary>
    public bool TryReserve(PublishedServiceApi serviceApi)
    {
        var apiId = serviceApi.Description.ApiId!;
        var names = Names(serviceApi).ToList();
        if (names.Exists(name => _holders.TryGetValue(name, out var holder) && holder != apiId))
            return false;
        if (!_held.TryGetValue(apiId, out var held))
            _held.Add(apiId, held = []);
        foreach (var name in names)
        {
            _holders[name] = apiId;
            held.Add(name);
        }

        return true;
    }

    /// <summary>Shows a service API as it is now; of its names it keeps those that it has now.</summary>
    public void Put(PublishedServiceApi serviceApi)
    {
        var apiId = serviceApi.Description.ApiId!;
        FreeNames(apiId);
        TryReserve(serviceApi);
        _published[apiId] = serviceApi;
        Changed(apiId);
    }

    /// <summary>Takes a service API out, published or only reserved.</summary>
    public void Remove(string apiId)
    {
        FreeNames(apiId);
        if (_published.Remove(apiId))
            Changed(apiId);
    }

    /// <summary>What changed since that version; null when nothing did.</summary>
    public CatalogChanges? Since(long version)
    {
        if (version == _version)
            return null;
        // All changes after the version must still be known: those from version + 1 on.
        var isKnown = version >= _first && version < _version && version >= _version - _changes.Count;
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

    private void Changed(string apiId)
    {
        _changes.Enqueue((++_version, apiId));
        if (_changes.Count > KeptChanges)
            _changes.Dequeue();
    }

    private void FreeNames(string apiId)
    {
        if (!_held.Remove(apiId, out var held))
            return;
        foreach (var name in held)
        {
            if (_holders.GetValueOrDefault(name) == apiId)
                _holders.Remove(name);
        }
    }

    private static IEnumerable<(string ApiName, string AefId)> Names(PublishedServiceApi serviceApi) =>
        PublishRules.AefIds(serviceApi.Description).Select(aefId => (serviceApi.Description.ApiName, aefId));
}
