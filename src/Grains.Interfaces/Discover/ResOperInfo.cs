using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>A resource with what can be done to it, or custom operations without a resource (TS 29.222 8.1.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ResOperInfo")]
public sealed record ResOperInfo
{
    /// <summary>The resource: its relative URI path after the API URI; absent for custom operations of the API itself.</summary>
    [Id(0), JsonPropertyName("resource")]
    public string? Resource { get; init; }

    /// <summary>HTTP methods of the resource.</summary>
    [Id(1), JsonPropertyName("operations"), MinItems(1)]
    public ImmutableArray<Operation>? Operations { get; init; }

    /// <summary>Names of custom operations, of the resource or of the API itself.</summary>
    [Id(2), JsonPropertyName("customServOpers"), MinItems(1)]
    public ImmutableArray<string>? CustomServOpers { get; init; }
}
