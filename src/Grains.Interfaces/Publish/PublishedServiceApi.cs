namespace CapifOrleans.Publish;

/// <summary>A service API with who published it, as the catalog holds it.</summary>
[GenerateSerializer, Immutable, Alias("capif.PublishedServiceApi")]
public sealed record PublishedServiceApi
{
    /// <summary>The description, with its apiId.</summary>
    [Id(0)]
    public required ServiceApiDescription Description { get; init; }

    /// <summary>The APF that published it.</summary>
    [Id(1)]
    public required string ApfId { get; init; }

    /// <summary>The APF's domain.</summary>
    [Id(2)]
    public required string ApiProvDomId { get; init; }
}
