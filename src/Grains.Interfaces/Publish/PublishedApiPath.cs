namespace CapifOrleans.Publish;

/// <summary>The core functions through which a service API was published (TS 29.222 8.2.4.2.9).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.PublishedApiPath")]
public sealed record PublishedApiPath
{
    /// <summary>CCF identifiers.</summary>
    [Id(0), JsonPropertyName("ccfIds"), MinItems(1)]
    public ImmutableArray<string>? CcfIds { get; init; }
}
