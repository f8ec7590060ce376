using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>An open discovery's filters (29.222 8.11.2.2.3.1): all given ones must hold, by one of the values of each.</summary>
[GenerateSerializer, Immutable, Alias("capif.OpenDiscoveryQuery")]
public sealed record OpenDiscoveryQuery
{
    /// <summary>api-names.</summary>
    [Id(0)]
    public ImmutableArray<string>? ApiNames { get; init; }

    /// <summary>api-versions: of the service APIs of that name, one of these versions.</summary>
    [Id(1)]
    public ImmutableDictionary<string, ImmutableArray<string>> ApiVersions { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>comm-type.</summary>
    [Id(2)]
    public CommunicationType? CommunicationType { get; init; }

    /// <summary>protocols.</summary>
    [Id(3)]
    public ImmutableArray<Protocol>? Protocols { get; init; }

    /// <summary>data-format.</summary>
    [Id(4)]
    public DataFormat? DataFormat { get; init; }

    /// <summary>api-cats.</summary>
    [Id(5)]
    public ImmutableArray<string>? ApiCategories { get; init; }

    /// <summary>preferred-aef-loc: no filter where nothing is there.</summary>
    [Id(6)]
    public AefLocation? PreferredAefLocation { get; init; }

    /// <summary>api-prov-names.</summary>
    [Id(7)]
    public ImmutableArray<string>? ApiProviderNames { get; init; }

    /// <summary>api-supported-features: the service APIs of that name support all of these.</summary>
    [Id(8)]
    public ImmutableDictionary<string, SupportedFeatures> ApiSupportedFeatures { get; init; } = ImmutableDictionary<string, SupportedFeatures>.Empty;

    /// <summary>service-kpis.</summary>
    [Id(9)]
    public ServiceKpis? ServiceKpis { get; init; }

    /// <summary>api-ids.</summary>
    [Id(10)]
    public ImmutableArray<string>? ApiIds { get; init; }

    /// <summary>res-ops.</summary>
    [Id(11)]
    public ImmutableArray<ResOperInfo>? ResOps { get; init; }

    /// <summary>supported-features.</summary>
    [Id(12)]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>vend-spec-…</summary>
    [Id(13)]
    public ImmutableArray<VendorSpecificFilter>? VendorSpecific { get; init; }
}
