namespace CapifOrleans.InvokerManagement;

/// <summary>A validated onboarding request with what its frontend found out about it.</summary>
[GenerateSerializer, Immutable, Alias("capif.OnboardingRequest")]
public sealed record OnboardingRequest
{
    /// <summary>The request's body.</summary>
    [Id(0)]
    public required ApiInvokerEnrolmentDetails Details { get; init; }

    /// <summary>The enrolment user whose credential carried the request.</summary>
    [Id(1)]
    public required string EnrolmentUser { get; init; }

    /// <summary>Whether the listener's TLS shows what method PSK derives its keys from (33.122 Annex A).</summary>
    [Id(2)]
    public bool SupportsPsk { get; init; }

    /// <summary>Scheme and host of this core function as the client addressed them, for URIs in notifications.</summary>
    [Id(3)]
    public string ApiRoot { get; init; } = "https://";
}
