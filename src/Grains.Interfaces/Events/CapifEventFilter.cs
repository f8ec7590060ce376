namespace CapifOrleans.Events;

/// <summary>Which occurrences of an event are wanted (TS 29.222 8.3.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CAPIFEventFilter")]
public sealed record CapifEventFilter
{
    /// <summary>API identifiers.</summary>
    [Id(0), JsonPropertyName("apiIds"), MinItems(1)]
    public ImmutableArray<string>? ApiIds { get; init; }

    /// <summary>API invoker identifiers.</summary>
    [Id(1), JsonPropertyName("apiInvokerIds"), MinItems(1)]
    public ImmutableArray<string>? ApiInvokerIds { get; init; }

    /// <summary>AEF identifiers.</summary>
    [Id(2), JsonPropertyName("aefIds"), MinItems(1)]
    public ImmutableArray<string>? AefIds { get; init; }
}
