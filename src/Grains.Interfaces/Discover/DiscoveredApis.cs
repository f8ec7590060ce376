using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>The service APIs that a discovery found (TS 29.222 8.1.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.DiscoveredAPIs")]
public sealed record DiscoveredApis
{
    /// <summary>Service API descriptions.</summary>
    [Id(0), JsonPropertyName("serviceAPIDescriptions"), MinItems(1)]
    public ImmutableArray<ServiceApiDescription>? ServiceApiDescriptions { get; init; }

    /// <summary>Supported features.</summary>
    [Id(1), JsonPropertyName("suppFeat")]
    public SupportedFeatures? SuppFeat { get; init; }
}
