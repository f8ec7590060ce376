namespace CapifOrleans.Publish;

/// <summary>Where an AEF is (TS 29.222 8.2.4.2.10).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AefLocation")]
public sealed record AefLocation
{
    /// <summary>Civic address.</summary>
    [Id(0), JsonPropertyName("civicAddr")]
    public CivicAddress? CivicAddr { get; init; }

    /// <summary>Geographic area.</summary>
    [Id(1), JsonPropertyName("geoArea")]
    public GeographicArea? GeoArea { get; init; }

    /// <summary>Dc identifier.</summary>
    [Id(2), JsonPropertyName("dcId")]
    public string? DcId { get; init; }
}
