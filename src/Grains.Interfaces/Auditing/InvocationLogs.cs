using CapifOrleans.Logging;

namespace CapifOrleans.Auditing;

/// <summary>Invocation logs of several AEFs or API invokers (TS 29.222 8.8.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.InvocationLogs")]
public sealed record InvocationLogs
{
    /// <summary>Multiple invocation logs.</summary>
    [Id(0), JsonPropertyName("multipleInvocationLogs"), MinItems(1)]
    public required ImmutableArray<InvocationLog> MultipleInvocationLogs { get; init; }

    /// <summary>Supported features.</summary>
    [Id(1), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }
}
