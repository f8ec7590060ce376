using CapifOrleans.Routing;

namespace CapifOrleans.Publish;

/// <summary>A service API with who published it, as the catalog holds it.</summary>
[GenerateSerializer, Immutable, Alias("capif.PublishedServiceApi")]
public sealed record PublishedServiceApi
{
    /// <summary>
    /// The description, with its apiId, as everybody but its publisher sees it: where AEFs are hidden, the AEFs before them stand in their place
    /// (29.222 5.3.2.2.2 step 2b).
    /// </summary>
    [Id(0)]
    public required ServiceApiDescription Description { get; init; }

    /// <summary>The APF that published it.</summary>
    [Id(1)]
    public required string ApfId { get; init; }

    /// <summary>The APF's domain.</summary>
    [Id(2)]
    public required string ApiProvDomId { get; init; }

    /// <summary>The AEF profiles that are hidden, for those who hide them only.</summary>
    [Id(3)]
    public ImmutableArray<HiddenProfile> Hidden { get; init; } = [];
}
