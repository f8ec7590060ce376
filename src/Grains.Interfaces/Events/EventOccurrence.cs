namespace CapifOrleans.Events;

/// <summary>Something that happened, on its way to those who subscribed to it (29.222 8.3.4).</summary>
[GenerateSerializer, Immutable, Alias("capif.EventOccurrence")]
public sealed record EventOccurrence
{
    /// <summary>Unique: an occurrence that is published twice is delivered once a subscription.</summary>
    [Id(0)]
    public required string EventId { get; init; }

    /// <summary>Which event.</summary>
    [Id(1)]
    public required CapifEvent Event { get; init; }

    /// <summary>When it happened.</summary>
    [Id(2)]
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The whole detail; a subscription leaves out what its features do not include.</summary>
    [Id(3)]
    public CapifEventDetail? Detail { get; init; }

    /// <summary>The service APIs concerned, for filters.</summary>
    [Id(4)]
    public ImmutableArray<string> ApiIds { get; init; } = [];

    /// <summary>The AEFs concerned, for filters.</summary>
    [Id(5)]
    public ImmutableArray<string> AefIds { get; init; } = [];

    /// <summary>The API invokers concerned, for filters and for the AEFs' acknowledgement of an offboarding.</summary>
    [Id(6)]
    public ImmutableArray<string> ApiInvokerIds { get; init; } = [];

    /// <summary>The API provider domain that alone may hear of it (23.222 AR-4.3.3-c); null where it is not one domain's affair.</summary>
    [Id(7)]
    public string? ApiProvDomId { get; init; }
}
