namespace CapifOrleans.InvokerManagement;

/// <summary>The steps of 33.122 6.8 in the order in which they are done. The numbers are stored: none is ever used again.</summary>
[GenerateSerializer, Alias("capif.OffboardingStep")]
public enum OffboardingStep
{
    /// <summary>Enrolment cancelled: profile, secret, contexts and keys are gone (step 3).</summary>
    EnrolmentCancelled = 1,

    /// <summary>The certificate is on the revocation list, its public key free again (step 3).</summary>
    CertificateRevoked = 2,

    /// <summary>The invoker's own event subscriptions are gone (step 3).</summary>
    SubscriptionsRemoved = 3,

    /// <summary>Its TLS sessions with this core function are torn down (step 6).</summary>
    ConnectionsClosed = 4,

    /// <summary>Every AEF with which it had a security context refuses it (step 7).</summary>
    AefsTold = 5,

    /// <summary>API_INVOKER_OFFBOARDED is in the outbox of every subscriber (step 7).</summary>
    EventPublished = 6,

    /// <summary>Nothing is left to do.</summary>
    Completed = 7,
}

/// <summary>Where an offboarding stands.</summary>
[GenerateSerializer, Immutable, Alias("capif.OffboardingReport")]
public sealed record OffboardingReport
{
    /// <summary>The last step done.</summary>
    [Id(0)]
    public required OffboardingStep Done { get; init; }

    /// <summary>When the invoker asked for it.</summary>
    [Id(1)]
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The AEFs that had to be told.</summary>
    [Id(2)]
    public ImmutableArray<string> AefIds { get; init; } = [];
}
