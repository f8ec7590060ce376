namespace CapifOrleans.Publish;

/// <summary>A version of a service API (TS 29.222 8.2.4.2.6).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Version")]
public sealed record Version
{
    /// <summary>API version.</summary>
    [Id(0), JsonPropertyName("apiVersion")]
    public required string ApiVersion { get; init; }

    /// <summary>Expiry.</summary>
    [Id(1), JsonPropertyName("expiry")]
    public WireDateTime? Expiry { get; init; }

    /// <summary>Resources.</summary>
    [Id(2), JsonPropertyName("resources"), MinItems(1)]
    public ImmutableArray<Resource>? Resources { get; init; }

    /// <summary>Custom operations.</summary>
    [Id(3), JsonPropertyName("custOperations"), MinItems(1)]
    public ImmutableArray<CustomOperation>? CustOperations { get; init; }
}
