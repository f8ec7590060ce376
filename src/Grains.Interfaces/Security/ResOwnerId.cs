namespace CapifOrleans.Security;

/// <summary>The owner of the resources that a token is about (TS 29.222 8.5.4.2.10).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ResOwnerId")]
public sealed record ResOwnerId
{
    /// <summary>Gpsi.</summary>
    [Id(0), JsonPropertyName("gpsi")]
    public string? Gpsi { get; init; }
}
