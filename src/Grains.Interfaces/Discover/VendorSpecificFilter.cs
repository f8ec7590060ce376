namespace CapifOrleans.Discover;

/// <summary>A query parameter <c>vend-spec-…</c> (29.122 5.2.13.3): the attribute that a JSON pointer leads to has this value.</summary>
[GenerateSerializer, Immutable, Alias("capif.VendorSpecificFilter")]
public sealed record VendorSpecificFilter
{
    /// <summary>The JSON pointer's reference tokens (RFC 6901), unescaped.</summary>
    [Id(0)]
    public required ImmutableArray<string> Target { get; init; }

    /// <summary>The value.</summary>
    [Id(1)]
    public required RawJson Value { get; init; }
}

/// <summary>The value of a query parameter <c>vend-spec-…</c> (29.122 table 5.2.13.3-1).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.VendorSpecificQuery")]
public sealed record VendorSpecificQuery
{
    /// <summary>A JSON pointer (RFC 6901) to the attribute that is looked at.</summary>
    [Id(0), JsonPropertyName("target")]
    public required string Target { get; init; }

    /// <summary>What it must be.</summary>
    [Id(1), JsonPropertyName("value")]
    public required RawJson Value { get; init; }
}
