namespace CapifOrleans.Logging;

/// <summary>Invocations of service APIs by one API invoker at one AEF (TS 29.222 8.7.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.InvocationLog")]
public sealed record InvocationLog
{
    /// <summary>AEF identifier.</summary>
    [Id(0), JsonPropertyName("aefId")]
    public required string AefId { get; init; }

    /// <summary>API invoker identifier.</summary>
    [Id(1), JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>Logs.</summary>
    [Id(2), JsonPropertyName("logs"), MinItems(1)]
    public required ImmutableArray<Log> Logs { get; init; }

    /// <summary>Supported features.</summary>
    [Id(3), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }
}
