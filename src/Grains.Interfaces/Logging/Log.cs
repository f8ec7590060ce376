using CapifOrleans.Publish;

namespace CapifOrleans.Logging;

/// <summary>One invocation of a service API (TS 29.222 8.7.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.Log")]
public sealed record Log
{
    /// <summary>API identifier.</summary>
    [Id(0), JsonPropertyName("apiId")]
    public required string ApiId { get; init; }

    /// <summary>API name.</summary>
    [Id(1), JsonPropertyName("apiName")]
    public required string ApiName { get; init; }

    /// <summary>API version.</summary>
    [Id(2), JsonPropertyName("apiVersion")]
    public required string ApiVersion { get; init; }

    /// <summary>Resource name.</summary>
    [Id(3), JsonPropertyName("resourceName")]
    public required string ResourceName { get; init; }

    /// <summary>URI.</summary>
    [Id(4), JsonPropertyName("uri")]
    public string? Uri { get; init; }

    /// <summary>Protocol.</summary>
    [Id(5), JsonPropertyName("protocol")]
    public required Protocol Protocol { get; init; }

    /// <summary>Operation.</summary>
    [Id(6), JsonPropertyName("operation")]
    public Operation? Operation { get; init; }

    /// <summary>Result.</summary>
    [Id(7), JsonPropertyName("result")]
    public required string Result { get; init; }

    /// <summary>Invocation time.</summary>
    [Id(8), JsonPropertyName("invocationTime")]
    public WireDateTime? InvocationTime { get; init; }

    /// <summary>Invocation latency.</summary>
    [Id(9), JsonPropertyName("invocationLatency"), Bounds(0, long.MaxValue)]
    public int? InvocationLatency { get; init; }

    /// <summary>Input parameters.</summary>
    [Id(10), JsonPropertyName("inputParameters")]
    public RawJson? InputParameters { get; init; }

    /// <summary>Output parameters.</summary>
    [Id(11), JsonPropertyName("outputParameters")]
    public RawJson? OutputParameters { get; init; }

    /// <summary>Source interface.</summary>
    [Id(12), JsonPropertyName("srcInterface")]
    public InterfaceDescription? SrcInterface { get; init; }

    /// <summary>Destination interface.</summary>
    [Id(13), JsonPropertyName("destInterface")]
    public InterfaceDescription? DestInterface { get; init; }

    /// <summary>Forwarding interface.</summary>
    [Id(14), JsonPropertyName("fwdInterface")]
    public string? FwdInterface { get; init; }

    /// <summary>The slice of the invocation (feature SliceBasedAPIExposure).</summary>
    [Id(15), JsonPropertyName("netSliceInfo")]
    public NetSliceId? NetSliceInfo { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(16), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
