namespace CapifOrleans.AccessControl;

/// <summary>What one API invoker may do at a service API (TS 29.222 8.6.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ApiInvokerPolicy")]
public sealed record ApiInvokerPolicy
{
    /// <summary>API invoker identifier.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>Allowed total invocations, over the policy's life; absent for no bound.</summary>
    [Id(1), JsonPropertyName("allowedTotalInvocations"), Bounds(0, int.MaxValue)]
    public int? AllowedTotalInvocations { get; init; }

    /// <summary>Allowed invocations in any one second; absent for no bound.</summary>
    [Id(2), JsonPropertyName("allowedInvocationsPerSecond"), Bounds(0, int.MaxValue)]
    public int? AllowedInvocationsPerSecond { get; init; }

    /// <summary>The times in which invocations are allowed; absent for always.</summary>
    [Id(3), JsonPropertyName("allowedInvocationTimeRangeList")]
    public ImmutableArray<TimeRange>? AllowedInvocationTimeRangeList { get; init; }

    /// <summary>The slices within which invocations are allowed (feature CAPIF_Ext1); absent for all.</summary>
    [Id(4), JsonPropertyName("netSliceInfo"), MinItems(1)]
    public ImmutableArray<NetSliceId>? NetSliceInfo { get; init; }
}
