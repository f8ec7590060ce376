namespace CapifOrleans.ProviderManagement;

/// <summary>A function of an API provider domain (TS 29.222 8.9.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.APIProviderFunctionDetails")]
public sealed record ApiProviderFunctionDetails
{
    /// <summary>API provider function identifier.</summary>
    [Id(0), JsonPropertyName("apiProvFuncId")]
    public string? ApiProvFuncId { get; init; }

    /// <summary>Registration information.</summary>
    [Id(1), JsonPropertyName("regInfo")]
    public required RegistrationInformation RegInfo { get; init; }

    /// <summary>API provider function role.</summary>
    [Id(2), JsonPropertyName("apiProvFuncRole")]
    public required ApiProviderFuncRole ApiProvFuncRole { get; init; }

    /// <summary>API provider function information.</summary>
    [Id(3), JsonPropertyName("apiProvFuncInfo")]
    public string? ApiProvFuncInfo { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(4), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
