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

    /// <summary>The enrolment user who registered that domain; null where that is not on record.</summary>
    [Id(4)]
    public string? EnrolmentUser { get; init; }

    private const string PeerPrefix = "ccf/";

    /// <summary>The peer that published it here (CAPIF-6, 6e); null for what an API provider of this core function published.</summary>
    public string? PeerCcfId => PeerOf(ApfId);

    /// <summary>The peer that a publisher is of; null for an APF.</summary>
    public static string? PeerOf(string apfId) => apfId.StartsWith(PeerPrefix, StringComparison.Ordinal) ? apfId[PeerPrefix.Length..] : null;

    /// <summary>The publisher of what a peer publishes: no APF's identifier has a slash.</summary>
    public static string ApfIdOf(string ccfId) => PeerPrefix + ccfId;
}
