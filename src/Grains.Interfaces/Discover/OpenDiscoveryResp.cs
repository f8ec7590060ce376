using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>The service APIs that an open discovery found (TS 29.222 8.11.5.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OpenDiscoveryResp")]
public sealed record OpenDiscoveryResp
{
    /// <summary>The service APIs; none where nothing matches.</summary>
    [Id(0), JsonPropertyName("discApis")]
    public required ImmutableArray<OpenApiDetails> DiscApis { get; init; }

    /// <summary>Supported features: the API has none (8.11.7).</summary>
    [Id(1), JsonPropertyName("suppFeat")]
    public SupportedFeatures? SuppFeat { get; init; }
}

/// <summary>What open discovery tells of a service API (TS 29.222 8.11.5.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OpenAPIDetails")]
public sealed record OpenApiDetails
{
    /// <summary>API name.</summary>
    [Id(0), JsonPropertyName("apiName")]
    public required string ApiName { get; init; }

    /// <summary>API identifier.</summary>
    [Id(1), JsonPropertyName("apiId")]
    public string? ApiId { get; init; }

    /// <summary>API status.</summary>
    [Id(2), JsonPropertyName("apiStatus")]
    public ApiStatus? ApiStatus { get; init; }

    /// <summary>Description.</summary>
    [Id(3), JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Service API category.</summary>
    [Id(4), JsonPropertyName("serviceAPICategory")]
    public string? ServiceApiCategory { get; init; }

    /// <summary>Features of the service API.</summary>
    [Id(5), JsonPropertyName("apiSuppFeats")]
    public SupportedFeatures? ApiSuppFeats { get; init; }

    /// <summary>API provider name.</summary>
    [Id(6), JsonPropertyName("apiProvName")]
    public string? ApiProvName { get; init; }

    /// <summary>AEF profiles, without their addresses and security methods.</summary>
    [Id(7), JsonPropertyName("aefProfiles"), MinItems(1)]
    public ImmutableArray<OpenAefProfile>? AefProfiles { get; init; }
}

/// <summary>What open discovery tells of an AEF (TS 29.222 8.11.5.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OpenAefProfile")]
public sealed record OpenAefProfile
{
    /// <summary>AEF identifier.</summary>
    [Id(0), JsonPropertyName("aefId")]
    public string? AefId { get; init; }

    /// <summary>Versions.</summary>
    [Id(1), JsonPropertyName("versions"), MinItems(1)]
    public ImmutableArray<CapifOrleans.Publish.Version>? Versions { get; init; }

    /// <summary>Protocol.</summary>
    [Id(2), JsonPropertyName("protocol")]
    public Protocol? Protocol { get; init; }

    /// <summary>Data format.</summary>
    [Id(3), JsonPropertyName("dataFormat")]
    public DataFormat? DataFormat { get; init; }

    /// <summary>AEF location.</summary>
    [Id(4), JsonPropertyName("aefLocation")]
    public AefLocation? AefLocation { get; init; }

    /// <summary>Service characteristics.</summary>
    [Id(5), JsonPropertyName("serviceKpis")]
    public ServiceKpis? ServiceKpis { get; init; }
}
