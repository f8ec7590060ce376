namespace CapifOrleans.InvokerManagement;

/// <summary>A service API by name (TS 29.222 8.4.4.2.10).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ApiInfo")]
public sealed record ApiInfo
{
    /// <summary>API name.</summary>
    [Id(0), JsonPropertyName("apiName")]
    public required string ApiName { get; init; }

    /// <summary>Supported API versions.</summary>
    [Id(1), JsonPropertyName("supportedApiVersions"), MinItems(1)]
    public ImmutableArray<string>? SupportedApiVersions { get; init; }
}
