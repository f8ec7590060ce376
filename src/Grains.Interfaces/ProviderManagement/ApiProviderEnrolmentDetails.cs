namespace CapifOrleans.ProviderManagement;

/// <summary>An API provider domain at its registration, and as it is registered (TS 29.222 8.9.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.APIProviderEnrolmentDetails")]
public sealed record ApiProviderEnrolmentDetails
{
    /// <summary>API provider domain identifier.</summary>
    [Id(0), JsonPropertyName("apiProvDomId")]
    public string? ApiProvDomId { get; init; }

    /// <summary>Registration security.</summary>
    [Id(1), JsonPropertyName("regSec")]
    public required string RegSec { get; init; }

    /// <summary>API provider functions.</summary>
    [Id(2), JsonPropertyName("apiProvFuncs"), MinItems(1)]
    public ImmutableArray<ApiProviderFunctionDetails>? ApiProvFuncs { get; init; }

    /// <summary>API provider domain information.</summary>
    [Id(3), JsonPropertyName("apiProvDomInfo")]
    public string? ApiProvDomInfo { get; init; }

    /// <summary>Supported features.</summary>
    [Id(4), JsonPropertyName("suppFeat")]
    public SupportedFeatures? SuppFeat { get; init; }

    /// <summary>Fail reason.</summary>
    [Id(5), JsonPropertyName("failReason")]
    public string? FailReason { get; init; }

    /// <summary>API provider name.</summary>
    [Id(6), JsonPropertyName("apiProvName")]
    public string? ApiProvName { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(7), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
