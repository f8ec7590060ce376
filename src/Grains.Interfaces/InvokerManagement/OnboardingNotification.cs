namespace CapifOrleans.InvokerManagement;

/// <summary>What became of an onboarding, or of an update, that was not decided at once (TS 29.222 8.4.4.2.7).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.OnboardingNotification")]
public sealed record OnboardingNotification
{
    /// <summary>Whether it was approved. Otherwise there is nothing else.</summary>
    [Id(0), JsonPropertyName("result")]
    public required bool Result { get; init; }

    /// <summary>The URI of the onboarded API invoker.</summary>
    [Id(1), JsonPropertyName("resourceLocation")]
    public string? ResourceLocation { get; init; }

    /// <summary>The API invoker as it is onboarded.</summary>
    [Id(2), JsonPropertyName("apiInvokerEnrolmentDetails")]
    public ApiInvokerEnrolmentDetails? ApiInvokerEnrolmentDetails { get; init; }

    /// <summary>The service APIs that it may use.</summary>
    [Id(3), JsonPropertyName("apiList")]
    public ApiList? ApiList { get; init; }

    /// <summary>Not the Onboard_Secret that it may hold.</summary>
    public override string ToString() => $"{Result} {ResourceLocation}";
}
