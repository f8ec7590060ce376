using CapifOrleans.Publish;

namespace CapifOrleans.Security;

/// <summary>The security method at one interface or AEF (TS 29.222 8.5.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.SecurityInformation"), ExactlyOneOf("aefId", "interfaceDetails")]
public sealed record SecurityInformation
{
    /// <summary>Interface details.</summary>
    [Id(0), JsonPropertyName("interfaceDetails")]
    public InterfaceDescription? InterfaceDetails { get; init; }

    /// <summary>AEF identifier.</summary>
    [Id(1), JsonPropertyName("aefId")]
    public string? AefId { get; init; }

    /// <summary>API identifier.</summary>
    [Id(2), JsonPropertyName("apiId")]
    public string? ApiId { get; init; }

    /// <summary>Preferred security methods.</summary>
    [Id(3), JsonPropertyName("prefSecurityMethods"), MinItems(1)]
    public required ImmutableArray<SecurityMethod> PrefSecurityMethods { get; init; }

    /// <summary>Selected security method.</summary>
    [Id(4), JsonPropertyName("selSecurityMethod")]
    public SecurityMethod? SelSecurityMethod { get; init; }

    /// <summary>Authentication information.</summary>
    [Id(5), JsonPropertyName("authenticationInfo")]
    public string? AuthenticationInfo { get; init; }

    /// <summary>Authorization information.</summary>
    [Id(6), JsonPropertyName("authorizationInfo")]
    public string? AuthorizationInfo { get; init; }

    /// <summary>Grant type.</summary>
    [Id(7), JsonPropertyName("grantType"), MinItems(1)]
    public ImmutableArray<OAuthGrantType>? GrantType { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(8), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
