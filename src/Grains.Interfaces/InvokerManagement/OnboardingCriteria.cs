using CapifOrleans.Publish;

namespace CapifOrleans.InvokerManagement;

/// <summary>What must hold for an onboarding (TS 29.222 8.4.4.2.8).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OnboardingCriteria")]
public sealed record OnboardingCriteria
{
    /// <summary>Security methods.</summary>
    [Id(0), JsonPropertyName("secMethods"), MinItems(1)]
    public required ImmutableArray<SecurityMethod> SecMethods { get; init; }

    /// <summary>Related criteria.</summary>
    [Id(1), JsonPropertyName("relatedCriteria")]
    public RelatedCriteria? RelatedCriteria { get; init; }
}
