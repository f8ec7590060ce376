using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// The catalog as one worker knows it, with the indexes that make a filter by name, AEF, identifier or address cost what it finds, however
/// many others there are.
/// </summary>
internal sealed class CatalogSnapshot(CompatibilityProfile? profile = null)
{
    private readonly Dictionary<string, CatalogEntry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CatalogEntry>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CatalogEntry>> _byAef = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CatalogEntry>> _byAddress = new(StringComparer.OrdinalIgnoreCase);

    private readonly Visibility _visibility = new();

    /// <summary>The version that this is.</summary>
    public long Version { get; private set; }

    /// <summary>Who finds what.</summary>
    public DiscoveryPolicy Policy { get; private set; } = DiscoveryPolicy.Open;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<CatalogEntry> All => _byId.Values;

    /// <summary>Brings it up to date.</summary>
    public void Apply(CatalogChanges changes)
    {
        if (changes.IsWhole)
        {
            _byId.Clear();
            _byName.Clear();
            _byAef.Clear();
            _byAddress.Clear();
        }

        if (changes.Visibility is { } visibility)
            _visibility.Set(visibility);

        foreach (var apiId in changes.Removed)
            Remove(apiId);
        foreach (var published in changes.Published)
            Put(new CatalogEntry(published, profile?.ShowsShareableInformation == true));
        if (changes.Policy is { } rules)
            Policy = new DiscoveryPolicy(rules);
        Version = changes.Version;
    }

    /// <summary>Whether the visibility rules let an API invoker find it.</summary>
    public bool Shows(CatalogEntry entry, string apiInvokerId, TimeProvider time) => _visibility.Shows(entry, apiInvokerId, time);

    /// <summary>The service API of that identifier.</summary>
    public CatalogEntry? ById(string apiId) => _byId.GetValueOrDefault(apiId);

    /// <summary>The service APIs of that name.</summary>
    public IReadOnlyList<CatalogEntry> ByName(string apiName) => Find(_byName, apiName);

    /// <summary>The service APIs at that AEF.</summary>
    public IReadOnlyList<CatalogEntry> ByAef(string aefId) => Find(_byAef, aefId);

    /// <summary>The service APIs with an interface at that IPv4 address, IPv6 address or FQDN.</summary>
    public IReadOnlyList<CatalogEntry> ByAddress(string address) => Find(_byAddress, address);

    private void Put(CatalogEntry entry)
    {
        var description = entry.Description;
        Remove(description.ApiId!);
        _byId.Add(description.ApiId!, entry);
        Add(_byName, description.ApiName, entry);
        foreach (var aefId in PublishRules.AefIds(description))
            Add(_byAef, aefId, entry);
        foreach (var address in Addresses(description))
            Add(_byAddress, address, entry);
    }

    private void Remove(string apiId)
    {
        if (!_byId.Remove(apiId, out var entry))
            return;
        _visibility.Forget(entry);
        Take(_byName, entry.Description.ApiName, entry);
        foreach (var aefId in PublishRules.AefIds(entry.Description))
            Take(_byAef, aefId, entry);
        foreach (var address in Addresses(entry.Description))
            Take(_byAddress, address, entry);
    }

    private static IEnumerable<string> Addresses(ServiceApiDescription description) => (description.AefProfiles ?? [])
        .SelectMany(profile => profile.InterfaceDescriptions ?? [])
        .Select(one => one.Ipv4Addr ?? one.Ipv6Addr ?? one.Fqdn)
        .OfType<string>()
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static List<CatalogEntry> Find(Dictionary<string, List<CatalogEntry>> index, string key) => index.GetValueOrDefault(key) ?? [];

    private static void Add(Dictionary<string, List<CatalogEntry>> index, string key, CatalogEntry entry)
    {
        if (!index.TryGetValue(key, out var list))
            index.Add(key, list = new List<CatalogEntry>(1));
        list.Add(entry);
    }

    private static void Take(Dictionary<string, List<CatalogEntry>> index, string key, CatalogEntry entry)
    {
        if (index.TryGetValue(key, out var list) && list.Remove(entry) && list.Count == 0)
            index.Remove(key);
    }
}
