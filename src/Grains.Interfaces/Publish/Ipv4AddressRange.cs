namespace CapifOrleans.Publish;

/// <summary>A range of IPv4 addresses (29.571 5.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Ipv4AddressRange")]
public sealed record Ipv4AddressRange
{
    internal const string Ipv4 = @"^(([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\.){3}([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$";

    /// <summary>Start.</summary>
    [Id(0), JsonPropertyName("start"), Pattern(Ipv4)]
    public required string Start { get; init; }

    /// <summary>End.</summary>
    [Id(1), JsonPropertyName("end"), Pattern(Ipv4)]
    public required string End { get; init; }
}
