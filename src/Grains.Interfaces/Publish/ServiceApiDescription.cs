namespace CapifOrleans.Publish;

/// <summary>A service API as its publisher describes it (TS 29.222 8.2.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ServiceAPIDescription")]
public sealed record ServiceApiDescription
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

    /// <summary>AEF profiles.</summary>
    [Id(3), JsonPropertyName("aefProfiles"), MinItems(1)]
    public ImmutableArray<AefProfile>? AefProfiles { get; init; }

    /// <summary>Description.</summary>
    [Id(4), JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Supported features.</summary>
    [Id(5), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>Shareable information.</summary>
    [Id(6), JsonPropertyName("shareableInfo")]
    public ShareableInformation? ShareableInfo { get; init; }

    /// <summary>Service API category.</summary>
    [Id(7), JsonPropertyName("serviceAPICategory")]
    public string? ServiceApiCategory { get; init; }

    /// <summary>API supported features.</summary>
    [Id(8), JsonPropertyName("apiSuppFeats")]
    public SupportedFeatures? ApiSuppFeats { get; init; }

    /// <summary>Public API path.</summary>
    [Id(9), JsonPropertyName("pubApiPath")]
    public PublishedApiPath? PubApiPath { get; init; }

    /// <summary>CCF identifier.</summary>
    [Id(10), JsonPropertyName("ccfId")]
    public string? CcfId { get; init; }

    /// <summary>API provider name.</summary>
    [Id(11), JsonPropertyName("apiProvName")]
    public string? ApiProvName { get; init; }

    /// <summary>The network slices by which it may be used (feature SliceBasedAPIExposure).</summary>
    [Id(12), JsonPropertyName("netSliceInfo"), MinItems(1)]
    public ImmutableArray<NetSliceId>? NetSliceInfo { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(13), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }

    /// <summary>Whether it, or an AEF profile of it, has vendor-specific attributes.</summary>
    [JsonIgnore]
    public bool HasVendorSpecific => VendorSpecific?.Count > 0 || AefProfiles?.Any(profile => profile.VendorSpecific?.Count > 0) == true;

    /// <summary>The same without vendor-specific attributes, as who did not negotiate them gets it.</summary>
    public ServiceApiDescription WithoutVendorSpecific() => HasVendorSpecific
        ? this with { VendorSpecific = null, AefProfiles = AefProfiles?.Select(profile => profile.WithoutVendorSpecific()).ToImmutableArray() }
        : this;
}
