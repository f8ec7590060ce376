namespace CapifOrleans.InvokerManagement;

/// <summary>The key, certificate and secret of an API invoker (TS 29.222 8.4.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OnboardingInformation")]
public sealed record OnboardingInformation
{
    /// <summary>API invoker public key.</summary>
    [Id(0), JsonPropertyName("apiInvokerPublicKey")]
    public required string ApiInvokerPublicKey { get; init; }

    /// <summary>API invoker certificate.</summary>
    [Id(1), JsonPropertyName("apiInvokerCertificate")]
    public string? ApiInvokerCertificate { get; init; }

    /// <summary>Onboarding secret.</summary>
    [Id(2), JsonPropertyName("onboardingSecret")]
    public string? OnboardingSecret { get; init; }

    /// <summary>Onboarding criteria.</summary>
    [Id(3), JsonPropertyName("onboardingCriteria"), MinItems(1)]
    public ImmutableArray<OnboardingCriteria>? OnboardingCriteria { get; init; }
}
