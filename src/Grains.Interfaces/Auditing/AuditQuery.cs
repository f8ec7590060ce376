using CapifOrleans.Publish;

namespace CapifOrleans.Auditing;

/// <summary>An audit's filters (TS 29.222 8.8.2.2.3.1): all given ones must hold.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuditQuery")]
public sealed record AuditQuery
{
    /// <summary>aef-id.</summary>
    [Id(0)]
    public string? AefId { get; init; }

    /// <summary>api-invoker-id.</summary>
    [Id(1)]
    public string? ApiInvokerId { get; init; }

    /// <summary>time-range-start.</summary>
    [Id(2)]
    public DateTimeOffset? TimeRangeStart { get; init; }

    /// <summary>time-range-end.</summary>
    [Id(3)]
    public DateTimeOffset? TimeRangeEnd { get; init; }

    /// <summary>api-id.</summary>
    [Id(4)]
    public string? ApiId { get; init; }

    /// <summary>api-name.</summary>
    [Id(5)]
    public string? ApiName { get; init; }

    /// <summary>api-version.</summary>
    [Id(6)]
    public string? ApiVersion { get; init; }

    /// <summary>protocol.</summary>
    [Id(7)]
    public Protocol? Protocol { get; init; }

    /// <summary>operation.</summary>
    [Id(8)]
    public Operation? Operation { get; init; }

    /// <summary>result.</summary>
    [Id(9)]
    public string? Result { get; init; }

    /// <summary>resource-name.</summary>
    [Id(10)]
    public string? ResourceName { get; init; }

    /// <summary>src-interface: as it stands in the log.</summary>
    [Id(11)]
    public InterfaceDescription? SourceInterface { get; init; }

    /// <summary>dest-interface: as it stands in the log.</summary>
    [Id(12)]
    public InterfaceDescription? DestinationInterface { get; init; }

    /// <summary>supported-features of the audit itself: feature 1, EnQueryInvokeLog, allows several InvocationLog objects in one answer; feature 2, SliceBasedAPIExposure, shows slices.</summary>
    [Id(13)]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>net-slice-info: the invocation was within any of them.</summary>
    [Id(14)]
    public ImmutableArray<NetSliceId>? NetSliceInfo { get; init; }
}
