namespace CapifOrleans.Publish;

/// <summary>What a service API can bear (TS 29.222 8.2.4.2.13).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ServiceKpis")]
public sealed record ServiceKpis
{
    private const string Flops = @"^\d+(\.\d+)? (kFLOPS|MFLOPS|GFLOPS|TFLOPS|PFLOPS|EFLOPS|ZFLOPS)$";
    private const string Octets = @"^\d+(\.\d+)? (KB|MB|GB|TB|PB|EB|ZB|YB)$";

    /// <summary>Highest number of requests a second.</summary>
    [Id(0), JsonPropertyName("maxReqRate"), Bounds(0, long.MaxValue)]
    public int? MaxReqRate { get; init; }

    /// <summary>Longest response time, in seconds.</summary>
    [Id(1), JsonPropertyName("maxRestime"), Bounds(0, long.MaxValue)]
    public int? MaxRestime { get; init; }

    /// <summary>Availability, in per cent of the time.</summary>
    [Id(2), JsonPropertyName("availability"), Bounds(0, long.MaxValue)]
    public int? Availability { get; init; }

    /// <summary>Computing power, as <c>1.5 GFLOPS</c>.</summary>
    [Id(3), JsonPropertyName("avalComp"), Pattern(Flops)]
    public string? AvalComp { get; init; }

    /// <summary>Graphical computing power, as <c>1.5 TFLOPS</c>.</summary>
    [Id(4), JsonPropertyName("avalGraComp"), Pattern(Flops)]
    public string? AvalGraComp { get; init; }

    /// <summary>Memory, as <c>2 GB</c>.</summary>
    [Id(5), JsonPropertyName("avalMem"), Pattern(Octets)]
    public string? AvalMem { get; init; }

    /// <summary>Storage, as <c>2 TB</c>.</summary>
    [Id(6), JsonPropertyName("avalStor"), Pattern(Octets)]
    public string? AvalStor { get; init; }

    /// <summary>Connection bandwidth, in kilobit a second.</summary>
    [Id(7), JsonPropertyName("conBand"), Bounds(0, long.MaxValue)]
    public int? ConBand { get; init; }
}
