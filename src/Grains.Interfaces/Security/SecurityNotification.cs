namespace CapifOrleans.Security;

/// <summary>A revocation of authorization (TS 29.222 8.5.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.SecurityNotification")]
public sealed record SecurityNotification
{
    /// <summary>API invoker identifier.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>AEF identifier.</summary>
    [Id(1), JsonPropertyName("aefId")]
    public string? AefId { get; init; }

    /// <summary>API identifiers.</summary>
    [Id(2), JsonPropertyName("apiIds"), MinItems(1)]
    public required ImmutableArray<string> ApiIds { get; init; }

    /// <summary>Access token.</summary>
    [Id(3), JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Cause.</summary>
    [Id(4), JsonPropertyName("cause")]
    public required Cause Cause { get; init; }
}
