namespace CapifOrleans;

/// <summary>A civic address (TS 29.572 6.1.6.2.14; the elements are RFC 4776's and RFC 5139's).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CivicAddress")]
public sealed record CivicAddress
{
    /// <summary>Country: two letters (ISO 3166).</summary>
    [Id(0), JsonPropertyName("country")]
    public string? Country { get; init; }

    /// <summary>National subdivision: state, region, province.</summary>
    [Id(1), JsonPropertyName("A1")]
    public string? A1 { get; init; }

    /// <summary>County, district.</summary>
    [Id(2), JsonPropertyName("A2")]
    public string? A2 { get; init; }

    /// <summary>City, township.</summary>
    [Id(3), JsonPropertyName("A3")]
    public string? A3 { get; init; }

    /// <summary>City division, borough.</summary>
    [Id(4), JsonPropertyName("A4")]
    public string? A4 { get; init; }

    /// <summary>Neighbourhood, block.</summary>
    [Id(5), JsonPropertyName("A5")]
    public string? A5 { get; init; }

    /// <summary>Street.</summary>
    [Id(6), JsonPropertyName("A6")]
    public string? A6 { get; init; }

    /// <summary>Leading street direction.</summary>
    [Id(7), JsonPropertyName("PRD")]
    public string? Prd { get; init; }

    /// <summary>Trailing street suffix.</summary>
    [Id(8), JsonPropertyName("POD")]
    public string? Pod { get; init; }

    /// <summary>Street suffix, as Avenue.</summary>
    [Id(9), JsonPropertyName("STS")]
    public string? Sts { get; init; }

    /// <summary>House number.</summary>
    [Id(10), JsonPropertyName("HNO")]
    public string? Hno { get; init; }

    /// <summary>House number suffix.</summary>
    [Id(11), JsonPropertyName("HNS")]
    public string? Hns { get; init; }

    /// <summary>Landmark.</summary>
    [Id(12), JsonPropertyName("LMK")]
    public string? Lmk { get; init; }

    /// <summary>Additional location information.</summary>
    [Id(13), JsonPropertyName("LOC")]
    public string? Loc { get; init; }

    /// <summary>Name: residence or office occupant.</summary>
    [Id(14), JsonPropertyName("NAM")]
    public string? Nam { get; init; }

    /// <summary>Postal code.</summary>
    [Id(15), JsonPropertyName("PC")]
    public string? Pc { get; init; }

    /// <summary>Building.</summary>
    [Id(16), JsonPropertyName("BLD")]
    public string? Bld { get; init; }

    /// <summary>Unit: apartment, suite.</summary>
    [Id(17), JsonPropertyName("UNIT")]
    public string? Unit { get; init; }

    /// <summary>Floor.</summary>
    [Id(18), JsonPropertyName("FLR")]
    public string? Flr { get; init; }

    /// <summary>Room.</summary>
    [Id(19), JsonPropertyName("ROOM")]
    public string? Room { get; init; }

    /// <summary>Type of place (RFC 4589).</summary>
    [Id(20), JsonPropertyName("PLC")]
    public string? Plc { get; init; }

    /// <summary>Postal community name.</summary>
    [Id(21), JsonPropertyName("PCN")]
    public string? Pcn { get; init; }

    /// <summary>Post office box.</summary>
    [Id(22), JsonPropertyName("POBOX")]
    public string? Pobox { get; init; }

    /// <summary>Additional code.</summary>
    [Id(23), JsonPropertyName("ADDCODE")]
    public string? Addcode { get; init; }

    /// <summary>Seat, desk.</summary>
    [Id(24), JsonPropertyName("SEAT")]
    public string? Seat { get; init; }

    /// <summary>Primary road or street.</summary>
    [Id(25), JsonPropertyName("RD")]
    public string? Rd { get; init; }

    /// <summary>Road section.</summary>
    [Id(26), JsonPropertyName("RDSEC")]
    public string? Rdsec { get; init; }

    /// <summary>Road branch.</summary>
    [Id(27), JsonPropertyName("RDBR")]
    public string? Rdbr { get; init; }

    /// <summary>Road sub-branch.</summary>
    [Id(28), JsonPropertyName("RDSUBBR")]
    public string? Rdsubbr { get; init; }

    /// <summary>Road pre-modifier.</summary>
    [Id(29), JsonPropertyName("PRM")]
    public string? Prm { get; init; }

    /// <summary>Road post-modifier.</summary>
    [Id(30), JsonPropertyName("POM")]
    public string? Pom { get; init; }

    /// <summary>Rules of use of the PIDF-LO document (RFC 4119).</summary>
    [Id(31), JsonPropertyName("usageRules")]
    public string? UsageRules { get; init; }

    /// <summary>How the address was derived (RFC 4119).</summary>
    [Id(32), JsonPropertyName("method")]
    public string? Method { get; init; }

    /// <summary>Who provided it (RFC 4119).</summary>
    [Id(33), JsonPropertyName("providedBy")]
    public string? ProvidedBy { get; init; }
}
