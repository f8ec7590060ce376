namespace CapifOrleans.Publish;

/// <summary>A resource of a service API (TS 29.222 8.2.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Resource")]
public sealed record Resource
{
    /// <summary>Resource name.</summary>
    [Id(0), JsonPropertyName("resourceName")]
    public required string ResourceName { get; init; }

    /// <summary>Communication type.</summary>
    [Id(1), JsonPropertyName("commType")]
    public required CommunicationType CommType { get; init; }

    /// <summary>URI.</summary>
    [Id(2), JsonPropertyName("uri")]
    public required string Uri { get; init; }

    /// <summary>Custom operation name.</summary>
    [Id(3), JsonPropertyName("custOpName")]
    public string? CustOpName { get; init; }

    /// <summary>Custom operations.</summary>
    [Id(4), JsonPropertyName("custOperations"), MinItems(1)]
    public ImmutableArray<CustomOperation>? CustOperations { get; init; }

    /// <summary>Operations.</summary>
    [Id(5), JsonPropertyName("operations"), MinItems(1)]
    public ImmutableArray<Operation>? Operations { get; init; }

    /// <summary>Description.</summary>
    [Id(6), JsonPropertyName("description")]
    public string? Description { get; init; }
}
