namespace CapifOrleans;

/// <summary>A network slice by exactly one of its identifiers (TS 29.222 8.2.4.2.20, NetSliceId).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.NetSliceId"), ExactlyOneOf("snssai", "nsiId", "ensi")]
public sealed record NetSliceId
{
    /// <summary>S-NSSAI.</summary>
    [Id(0), JsonPropertyName("snssai")]
    public Snssai? Snssai { get; init; }

    /// <summary>Identifier of a network slice instance.</summary>
    [Id(1), JsonPropertyName("nsiId")]
    public string? NsiId { get; init; }

    /// <summary>External network slice information (TS 33.501).</summary>
    [Id(2), JsonPropertyName("ensi")]
    public string? Ensi { get; init; }

    /// <summary>Whether both mean the same slice: the slice differentiator's hexadecimal digits count, not their case (29.571 5.4.4.2).</summary>
    public bool IsSame(NetSliceId? other) => other is not null
        && NsiId == other.NsiId && Ensi == other.Ensi && Snssai?.Sst == other.Snssai?.Sst
        && string.Equals(Snssai?.Sd, other.Snssai?.Sd, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Single network slice selection assistance information (TS 29.571 5.4.4.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Snssai")]
public sealed record Snssai
{
    /// <summary>Slice/service type.</summary>
    [Id(0), JsonPropertyName("sst"), Bounds(0, 255)]
    public required int Sst { get; init; }

    /// <summary>Slice differentiator: three octets.</summary>
    [Id(1), JsonPropertyName("sd"), Pattern("^[A-Fa-f0-9]{6}$")]
    public string? Sd { get; init; }
}
