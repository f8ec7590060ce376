namespace CapifOrleans.Publish;

/// <summary>How one AEF exposes a service API (TS 29.222 8.2.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AefProfile"), ExactlyOneOf("domainName", "interfaceDescriptions")]
public sealed record AefProfile
{
    /// <summary>AEF identifier.</summary>
    [Id(0), JsonPropertyName("aefId")]
    public required string AefId { get; init; }

    /// <summary>Versions.</summary>
    [Id(1), JsonPropertyName("versions"), MinItems(1)]
    public required ImmutableArray<Version> Versions { get; init; }

    /// <summary>Protocol.</summary>
    [Id(2), JsonPropertyName("protocol")]
    public Protocol? Protocol { get; init; }

    /// <summary>Data format.</summary>
    [Id(3), JsonPropertyName("dataFormat")]
    public DataFormat? DataFormat { get; init; }

    /// <summary>Security methods.</summary>
    [Id(4), JsonPropertyName("securityMethods"), MinItems(1)]
    public ImmutableArray<SecurityMethod>? SecurityMethods { get; init; }

    /// <summary>Grant types.</summary>
    [Id(5), JsonPropertyName("grantTypes"), MinItems(1)]
    public ImmutableArray<OAuthGrantType>? GrantTypes { get; init; }

    /// <summary>Domain name.</summary>
    [Id(6), JsonPropertyName("domainName")]
    public string? DomainName { get; init; }

    /// <summary>Interface descriptions.</summary>
    [Id(7), JsonPropertyName("interfaceDescriptions"), MinItems(1)]
    public ImmutableArray<InterfaceDescription>? InterfaceDescriptions { get; init; }

    /// <summary>AEF location.</summary>
    [Id(8), JsonPropertyName("aefLocation")]
    public AefLocation? AefLocation { get; init; }

    /// <summary>Service kpis.</summary>
    [Id(9), JsonPropertyName("serviceKpis")]
    public ServiceKpis? ServiceKpis { get; init; }

    /// <summary>UE IP range.</summary>
    [Id(10), JsonPropertyName("ueIpRange")]
    public IpAddrRange? UeIpRange { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(11), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }

    /// <summary>The same without vendor-specific attributes, as who did not negotiate them gets it.</summary>
    public AefProfile WithoutVendorSpecific() => VendorSpecific is null ? this : this with { VendorSpecific = null };
}
