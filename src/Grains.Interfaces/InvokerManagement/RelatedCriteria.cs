namespace CapifOrleans.InvokerManagement;

/// <summary>What a criterion of an onboarding is about (TS 29.222 8.4.4.2.9).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RelatedCriteria")]
public sealed record RelatedCriteria
{
    /// <summary>AEF identifiers.</summary>
    [Id(0), JsonPropertyName("aefIds"), MinItems(1)]
    public ImmutableArray<string>? AefIds { get; init; }

    /// <summary>APIs.</summary>
    [Id(1), JsonPropertyName("apis"), MinItems(1)]
    public ImmutableArray<ApiInfo>? Apis { get; init; }

    /// <summary>Service API categories.</summary>
    [Id(2), JsonPropertyName("serviceAPICategories"), MinItems(1)]
    public ImmutableArray<string>? ServiceApiCategories { get; init; }
}
