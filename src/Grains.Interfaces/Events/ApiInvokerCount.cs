namespace CapifOrleans.Events;

/// <summary>How many API invokers are onboarded for a service API (TS 29.222 8.3.4.2.8).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ApiInvokerCount")]
public sealed record ApiInvokerCount
{
    /// <summary>API identifier.</summary>
    [Id(0), JsonPropertyName("apiId")]
    public required string ApiId { get; init; }

    /// <summary>Count.</summary>
    [Id(1), JsonPropertyName("count")]
    public required int Count { get; init; }
}
