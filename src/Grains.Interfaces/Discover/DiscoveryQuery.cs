using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>A discovery's filters (29.222 8.1.2.2.3.1): all given ones must hold.</summary>
[GenerateSerializer, Immutable, Alias("capif.DiscoveryQuery")]
public sealed record DiscoveryQuery
{
    /// <summary>The API invoker that asks.</summary>
    [Id(0)]
    public required string ApiInvokerId { get; init; }

    /// <summary>api-name.</summary>
    [Id(1)]
    public string? ApiName { get; init; }

    /// <summary>api-version.</summary>
    [Id(2)]
    public string? ApiVersion { get; init; }

    /// <summary>comm-type.</summary>
    [Id(3)]
    public CommunicationType? CommunicationType { get; init; }

    /// <summary>protocol.</summary>
    [Id(4)]
    public Protocol? Protocol { get; init; }

    /// <summary>aef-id.</summary>
    [Id(5)]
    public string? AefId { get; init; }

    /// <summary>data-format.</summary>
    [Id(6)]
    public DataFormat? DataFormat { get; init; }

    /// <summary>api-cat.</summary>
    [Id(7)]
    public string? ApiCategory { get; init; }

    /// <summary>api-ids.</summary>
    [Id(8)]
    public ImmutableArray<string>? ApiIds { get; init; }

    /// <summary>req-api-prov-name.</summary>
    [Id(9)]
    public string? RequestedApiProviderName { get; init; }

    /// <summary>api-supported-features: the service API must support all of these.</summary>
    [Id(10)]
    public SupportedFeatures? ApiSupportedFeatures { get; init; }

    /// <summary>supported-features of the discovery itself.</summary>
    [Id(11)]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>preferred-aef-loc: where several are found, those at this location; no filter where none is.</summary>
    [Id(12)]
    public AefLocation? PreferredAefLocation { get; init; }

    /// <summary>ue-ip-addr.</summary>
    [Id(13)]
    public IpAddrInfo? UeIpAddr { get; init; }

    /// <summary>service-kpis: the service API must be as good in each of these.</summary>
    [Id(14)]
    public ServiceKpis? ServiceKpis { get; init; }

    /// <summary>net-slice-info: the service API must be available in each of these.</summary>
    [Id(15)]
    public ImmutableArray<NetSliceId>? NetSliceInfo { get; init; }

    /// <summary>grant-types: each of these must be offered.</summary>
    [Id(16)]
    public ImmutableArray<OAuthGrantType>? GrantTypes { get; init; }

    /// <summary>res-ops: the service API must have each of these.</summary>
    [Id(17)]
    public ImmutableArray<ResOperInfo>? ResOps { get; init; }

    /// <summary>vend-spec-…</summary>
    [Id(18)]
    public ImmutableArray<VendorSpecificFilter>? VendorSpecific { get; init; }
}
