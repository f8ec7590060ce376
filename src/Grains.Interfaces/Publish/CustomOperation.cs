namespace CapifOrleans.Publish;

/// <summary>A custom operation of a service API (TS 29.222 8.2.4.2.7).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CustomOperation")]
public sealed record CustomOperation
{
    /// <summary>Communication type.</summary>
    [Id(0), JsonPropertyName("commType")]
    public required CommunicationType CommType { get; init; }

    /// <summary>Custom operation name.</summary>
    [Id(1), JsonPropertyName("custOpName")]
    public required string CustOpName { get; init; }

    /// <summary>Operations.</summary>
    [Id(2), JsonPropertyName("operations"), MinItems(1)]
    public ImmutableArray<Operation>? Operations { get; init; }

    /// <summary>Description.</summary>
    [Id(3), JsonPropertyName("description")]
    public string? Description { get; init; }
}
