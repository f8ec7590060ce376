using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Routing;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// All published service APIs in memory, what is hidden of them, the names that are taken at AEFs, the discovery policy, and what changed last, so
/// that whoever has an older version gets the difference only.
/// </summary>
internal sealed class CatalogIndex
{
    // Whoever is further behind gets the whole catalog.
    private const int KeptChanges = 1024;

    // As they are shown, and as their publishers gave them.
    private readonly Dictionary<string, PublishedServiceApi> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublishedServiceApi> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiName, string AefId), string> _holders = [];
    private readonly Dictionary<string, HashSet<(string ApiName, string AefId)>> _held = new(StringComparer.Ordinal);
    // Without apiId it was the policy that changed.
    private readonly Queue<(long Version, string? ApiId)> _changes = new();

    // Not from zero: who has a version of an earlier index must see that it is not of this one.
    private readonly long _first = Random.Shared.NextInt64(1L << 52) << 10;
    private long _version;
    private TopologyHidingRules _hiding = TopologyHidingRules.None;
    private ImmutableArray<ScopedVisibilityRule> _visibility = [];
    private long _visibilityVersion;

    public CatalogIndex() => _version = _first;

    /// <summary>The version that it has now.</summary>
    public long Version => _version;

    /// <summary>Who finds what.</summary>
    public DiscoveryRules Policy { get; private set; } = new();

    /// <summary>A service API as it is shown; null when it is not published.</summary>
    public PublishedServiceApi? Find(string apiId) => _published.GetValueOrDefault(apiId);

    /// <summary>A service API as its publisher gave it; null when it is not published.</summary>
    public PublishedServiceApi? Given(string apiId) => _given.GetValueOrDefault(apiId);

    /// <summary>Changes who finds what.</summary>
    public void SetPolicy(DiscoveryRules policy)
    {
        Policy = policy;
        Changed(null);
    }

    /// <summary>Hides what these rules hide, before anything is published.</summary>
    public void Hide(TopologyHidingRules hiding) => _hiding = hiding;

    /// <summary>
    /// Which service APIs other rules would show otherwise, and how; nothing is changed. False where two of one name would be at one AEF.
    /// </summary>
    public bool TryPrepare(TopologyHidingRules hiding, out List<(PublishedServiceApi Before, PublishedServiceApi After)> changes)
    {
        changes = [];
        foreach (var (apiId, given) in _given)
        {
            var (before, after) = (_published[apiId], hiding.Apply(given));
            if (!IsSame(before, after))
                changes.Add((before, after));
        }

        var changed = changes.Select(one => one.After.Description.ApiId!).ToHashSet(StringComparer.Ordinal);
        var taken = new HashSet<(string ApiName, string AefId)>();
        return changes.SelectMany(one => Names(one.After))
            .All(name => taken.Add(name) && (!_holders.TryGetValue(name, out var holder) || changed.Contains(holder)));
    }

    /// <summary>Takes over what was prepared.</summary>
    public void Commit(TopologyHidingRules hiding, List<(PublishedServiceApi Before, PublishedServiceApi After)> changes)
    {
        _hiding = hiding;
        foreach (var (before, _) in changes)
            FreeNames(before.Description.ApiId!);
        foreach (var (_, after) in changes)
            Put(_given[after.Description.ApiId!]);
    }

    /// <summary>
    /// Takes the names of a service API at its AEFs, and at those before them; false, and nothing is taken, where another service API holds one.
    /// <paramref name="shown"/> is the service API as it will be shown.
    /// </summary>
    public bool TryReserve(PublishedServiceApi serviceApi, out PublishedServiceApi shown)
    {
        shown = _hiding.Apply(serviceApi);
        var apiId = serviceApi.Description.ApiId!;
        var names = Names(shown).ToList();
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
        TryReserve(serviceApi, out var shown);
        _given[apiId] = serviceApi;
        _published[apiId] = shown;
        Changed(apiId);
    }

    /// <summary>Takes a service API out, published or only reserved.</summary>
    public void Remove(string apiId)
    {
        FreeNames(apiId);
        _given.Remove(apiId);
        if (_published.Remove(apiId))
            Changed(apiId);
    }

    /// <summary>The visibility rules are these now.</summary>
    public void SetVisibility(ImmutableArray<ScopedVisibilityRule> rules)
    {
        _visibility = rules;
        // A change of no service API.
        Changed(null);
        _visibilityVersion = _version;
    }

    /// <summary>What changed since that version; null when nothing did.</summary>
    public CatalogChanges? Since(long version)
    {
        if (version == _version)
            return null;
        // All changes after the version must still be known: those from version + 1 on.
        var isKnown = version >= _first && version < _version && version >= _version - _changes.Count;
        if (!isKnown)
            return new CatalogChanges { Version = _version, IsWhole = true, Published = [.. _published.Values], Policy = Policy, Visibility = _visibility };
        var all = _changes.Where(one => one.Version > version).Select(one => one.ApiId).Distinct(StringComparer.Ordinal).ToList();
        var changed = all.OfType<string>().ToList();
        return new CatalogChanges
        {
            Version = _version,
            Published = [.. changed.Where(_published.ContainsKey).Select(apiId => _published[apiId])],
            Removed = [.. changed.Where(apiId => !_published.ContainsKey(apiId))],
            Policy = all.Count > changed.Count ? Policy : null,
            Visibility = _visibilityVersion > version ? _visibility : null,
        };
    }

    private void Changed(string? apiId)
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
        PublishRules.AefIds(serviceApi).Select(aefId => (serviceApi.Description.ApiName, aefId));

    // Untouched by any rule it is the very same; else its text tells.
    private static bool IsSame(PublishedServiceApi one, PublishedServiceApi other) => ReferenceEquals(one, other)
        || (WireJson.SerializeToUtf8Bytes(one.Description).AsSpan().SequenceEqual(WireJson.SerializeToUtf8Bytes(other.Description))
            && Rules(one).SequenceEqual(Rules(other)));

    private static ReadOnlySpan<byte> Rules(PublishedServiceApi serviceApi) =>
        WireJson.SerializeToUtf8Bytes(new RoutingInfo { RoutingRules = [.. serviceApi.Hidden.Select(one => one.Rule)] });
}
