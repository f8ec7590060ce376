namespace CapifOrleans.Publish;

/// <summary>A range of IPv4 addresses (29.571 5.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Ipv4AddressRange")]
public sealed record Ipv4AddressRange
{
    /// <summary>Start.</summary>
    [Id(0), JsonPropertyName("start")]
    public required string Start { get; init; }

    /// <summary>End.</summary>
    [Id(1), JsonPropertyName("end")]
    public required string End { get; init; }
}
