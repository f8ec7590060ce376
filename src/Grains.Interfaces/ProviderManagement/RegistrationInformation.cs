namespace CapifOrleans.ProviderManagement;

/// <summary>The key and certificate of a function (TS 29.222 8.9.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RegistrationInformation")]
public sealed record RegistrationInformation
{
    /// <summary>API provider public key.</summary>
    [Id(0), JsonPropertyName("apiProvPubKey")]
    public required string ApiProvPubKey { get; init; }

    /// <summary>API provider certificate.</summary>
    [Id(1), JsonPropertyName("apiProvCert")]
    public string? ApiProvCert { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(2), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
