namespace CapifOrleans.AccessControl;

/// <summary>What one API invoker may do at a service API (TS 29.222 8.6.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ApiInvokerPolicy")]
public sealed record ApiInvokerPolicy
{
    /// <summary>API invoker identifier.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>Allowed total invocations.</summary>
    [Id(1), JsonPropertyName("allowedTotalInvocations")]
    public int? AllowedTotalInvocations { get; init; }

    /// <summary>Allowed invocations per second.</summary>
    [Id(2), JsonPropertyName("allowedInvocationsPerSecond")]
    public int? AllowedInvocationsPerSecond { get; init; }

    /// <summary>Allowed invocation time range list.</summary>
    [Id(3), JsonPropertyName("allowedInvocationTimeRangeList")]
    public ImmutableArray<TimeRange>? AllowedInvocationTimeRangeList { get; init; }

    /// <summary>Net slice information.</summary>
    [Id(4), JsonPropertyName("netSliceInfo"), MinItems(1)]
    public ImmutableArray<RawJson>? NetSliceInfo { get; init; }
}
