namespace CapifOrleans.Publish;

/// <summary>What a service API can bear (TS 29.222 8.2.4.2.13).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ServiceKpis")]
public sealed record ServiceKpis
{
    /// <summary>Highest request rate.</summary>
    [Id(0), JsonPropertyName("maxReqRate"), Bounds(0, long.MaxValue)]
    public int? MaxReqRate { get; init; }

    /// <summary>Highest restime.</summary>
    [Id(1), JsonPropertyName("maxRestime"), Bounds(0, long.MaxValue)]
    public int? MaxRestime { get; init; }

    /// <summary>Availability.</summary>
    [Id(2), JsonPropertyName("availability"), Bounds(0, long.MaxValue)]
    public int? Availability { get; init; }

    /// <summary>Available computing.</summary>
    [Id(3), JsonPropertyName("avalComp")]
    public string? AvalComp { get; init; }

    /// <summary>Available graphics computing.</summary>
    [Id(4), JsonPropertyName("avalGraComp")]
    public string? AvalGraComp { get; init; }

    /// <summary>Available memory.</summary>
    [Id(5), JsonPropertyName("avalMem")]
    public string? AvalMem { get; init; }

    /// <summary>Available storage.</summary>
    [Id(6), JsonPropertyName("avalStor")]
    public string? AvalStor { get; init; }

    /// <summary>Connection band.</summary>
    [Id(7), JsonPropertyName("conBand"), Bounds(0, long.MaxValue)]
    public int? ConBand { get; init; }
}
