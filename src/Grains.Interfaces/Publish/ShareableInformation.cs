namespace CapifOrleans.Publish;

/// <summary>Whether and with whom a service API may be shared (TS 29.222 8.2.4.2.8).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ShareableInformation")]
public sealed record ShareableInformation
{
    /// <summary>Is shareable.</summary>
    [Id(0), JsonPropertyName("isShareable")]
    public required bool IsShareable { get; init; }

    /// <summary>Capif provider domains.</summary>
    [Id(1), JsonPropertyName("capifProvDoms"), MinItems(1)]
    public ImmutableArray<string>? CapifProvDoms { get; init; }
}
