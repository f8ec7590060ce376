using CapifOrleans.Discover;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>A service API as discovery holds it: with its JSON ready to be sent.</summary>
internal sealed class CatalogEntry
{
    public CatalogEntry(PublishedServiceApi published)
    {
        Published = published;
        // shareableInfo is never told (29.222 5.2.2.2.2); vendor-specific attributes only to who knows them (7.11).
        var shown = published.Description with { ShareableInfo = null };
        Json = WireJson.SerializeToUtf8Bytes(shown.WithoutVendorSpecific());
        VendorJson = shown.HasVendorSpecific ? WireJson.SerializeToUtf8Bytes(shown) : Json;
    }

    /// <summary>The service API.</summary>
    public PublishedServiceApi Published { get; }

    /// <summary>Its description without vendor-specific attributes.</summary>
    public byte[] Json { get; }

    /// <summary>Its description with them.</summary>
    public byte[] VendorJson { get; }
}

/// <summary>The catalog as one worker knows it, with the indexes that make a filter by name, AEF or identifier cost what it finds.</summary>
internal sealed class CatalogSnapshot
{
    private readonly Dictionary<string, CatalogEntry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CatalogEntry>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CatalogEntry>> _byAef = new(StringComparer.Ordinal);

    /// <summary>The version that this is.</summary>
    public long Version { get; private set; }

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
        }

        foreach (var apiId in changes.Removed)
            Remove(apiId);
        foreach (var published in changes.Published)
            Put(new CatalogEntry(published));
        Version = changes.Version;
    }

    /// <summary>The service API of that identifier.</summary>
    public CatalogEntry? ById(string apiId) => _byId.GetValueOrDefault(apiId);

    /// <summary>The service APIs of that name.</summary>
    public IReadOnlyCollection<CatalogEntry> ByName(string apiName) => _byName.GetValueOrDefault(apiName) ?? [];

    /// <summary>The service APIs at that AEF.</summary>
    public IReadOnlyCollection<CatalogEntry> ByAef(string aefId) => _byAef.GetValueOrDefault(aefId) ?? [];

    private void Put(CatalogEntry entry)
    {
        var description = entry.Published.Description;
        Remove(description.ApiId!);
        _byId.Add(description.ApiId!, entry);
        Add(_byName, description.ApiName, entry);
        foreach (var aefId in Publish.PublishRules.AefIds(description))
            Add(_byAef, aefId, entry);
    }

    private void Remove(string apiId)
    {
        if (!_byId.Remove(apiId, out var entry))
            return;
        Take(_byName, entry.Published.Description.ApiName, entry);
        foreach (var aefId in Publish.PublishRules.AefIds(entry.Published.Description))
            Take(_byAef, aefId, entry);
    }

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
