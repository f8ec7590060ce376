namespace CapifOrleans.Publish;

/// <summary>At which AEFs a service API is active (TS 29.222 8.2.4.2.12).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ApiStatus")]
public sealed record ApiStatus
{
    /// <summary>AEF identifiers.</summary>
    [Id(0), JsonPropertyName("aefIds")]
    public required ImmutableArray<string> AefIds { get; init; }
}
