using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>APIInvokerEnrolmentDetails (TS 29.222 8.4.4.2.2), as far as an API invoker needs it.</summary>
internal sealed record EnrolmentDetails
{
    public string? ApiInvokerId { get; init; }

    public required OnboardingInformation OnboardingInformation { get; init; }

    public string? NotificationDestination { get; init; }

    public string? ApiInvokerInformation { get; init; }

    public string? SupportedFeatures { get; init; }
}

/// <summary>OnboardingInformation (8.4.4.2.5).</summary>
internal sealed record OnboardingInformation
{
    public required string ApiInvokerPublicKey { get; init; }

    public string? ApiInvokerCertificate { get; init; }

    [JsonConverter(typeof(SecretBytesConverter))]
    public byte[]? OnboardingSecret { get; init; }

    public override string ToString() => nameof(OnboardingInformation);
}

/// <summary>OnboardingNotification (8.4.4.2.7).</summary>
internal sealed record OnboardingNotification
{
    public required bool Result { get; init; }

    public string? ResourceLocation { get; init; }

    [JsonPropertyName("apiInvokerEnrolmentDetails")]
    public EnrolmentDetails? EnrolmentDetails { get; init; }
}
