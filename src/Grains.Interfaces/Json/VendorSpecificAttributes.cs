using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CapifOrleans.Json;

/// <summary>
/// The attributes <c>vendorSpecific-…</c> of a record (29.222 7.11), kept as they came. Other attributes that the record does not know are
/// ignored (29.500 6.6.2). It is a dictionary because System.Text.Json wants one; it is filled while it is read and never changed later.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.VendorSpecificAttributes")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is what the standard calls it.")]
public sealed record VendorSpecificAttributes : IDictionary<string, JsonElement>
{
    private const string Prefix = "vendorSpecific-";

    /// <summary>The attributes' JSON text by name.</summary>
    [Id(0)]
    public ImmutableDictionary<string, string> Texts { get; private set; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether an attribute of this name is one.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public int Count => Texts.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public ICollection<string> Keys => [.. Texts.Keys];

    /// <inheritdoc/>
    public ICollection<JsonElement> Values => [.. Texts.Values.Select(Element)];

    /// <inheritdoc/>
    public JsonElement this[string key]
    {
        get => Element(Texts[key]);
        set
        {
            if (IsName(key))
                Texts = Texts.SetItem(key, value.GetRawText());
        }
    }

    /// <inheritdoc/>
    public void Add(string key, JsonElement value) => this[key] = value;

    /// <inheritdoc/>
    public void Add(KeyValuePair<string, JsonElement> item) => this[item.Key] = item.Value;

    /// <inheritdoc/>
    public void Clear() => Texts = Texts.Clear();

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<string, JsonElement> item) => Texts.ContainsKey(item.Key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Texts.ContainsKey(key);

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<string, JsonElement>[] array, int arrayIndex)
    {
        foreach (var one in this)
            array[arrayIndex++] = one;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() =>
        Texts.Select(one => KeyValuePair.Create(one.Key, Element(one.Value))).GetEnumerator();

    /// <inheritdoc/>
    public bool Remove(string key) => throw new NotSupportedException("Vendor-specific attributes are not changed.");

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<string, JsonElement> item) => throw new NotSupportedException("Vendor-specific attributes are not changed.");

    /// <inheritdoc/>
    public bool TryGetValue(string key, out JsonElement value)
    {
        var found = Texts.TryGetValue(key, out var text);
        value = found ? Element(text!) : default;
        return found;
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static JsonElement Element(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
