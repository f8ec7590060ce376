namespace CapifOrleans.InvokerManagement;

/// <summary>What the operator decides before it is done (29.222 5.5.2.2.2: the request cannot be processed automatically).</summary>
[GenerateSerializer, Alias("capif.OnboardingApproval")]
public enum OnboardingApproval
{
    /// <summary>Nothing: who has an enrolment credential may onboard.</summary>
    None = 0,

    /// <summary>Onboardings.</summary>
    Onboarding = 1,

    /// <summary>Onboardings and updates.</summary>
    All = 2,
}

/// <summary>A request that waits for the operator.</summary>
[GenerateSerializer, Immutable, Alias("capif.PendingEnrolment")]
public sealed record PendingEnrolment
{
    /// <summary>The request. Another of the same API invoker has another, so that what is approved is what was looked at.</summary>
    [Id(0)]
    public required string RequestId { get; init; }

    /// <summary>The API invoker; of an onboarding, the identifier that it will get.</summary>
    [Id(1)]
    public required string ApiInvokerId { get; init; }

    /// <summary>Whether it is an update of one that is onboarded.</summary>
    [Id(2)]
    public bool IsUpdate { get; init; }

    /// <summary>The enrolment user whose credential brought the onboarding.</summary>
    [Id(3)]
    public string? EnrolmentUser { get; init; }

    /// <summary>When it came.</summary>
    [Id(4)]
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it counts as refused.</summary>
    [Id(5)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where the decision will be told.</summary>
    [Id(6)]
    public required string NotificationDestination { get; init; }

    /// <summary>What the API invoker says of itself.</summary>
    [Id(7)]
    public string? ApiInvokerInformation { get; init; }

    /// <summary>The names of the service APIs that it asks for.</summary>
    [Id(8)]
    public ImmutableArray<string> ApiNames { get; init; } = [];

    /// <summary>SHA-256 of its public key's SubjectPublicKeyInfo, upper-case hexadecimal, to compare by another way.</summary>
    [Id(9)]
    public required string PublicKeySha256 { get; init; }
}
