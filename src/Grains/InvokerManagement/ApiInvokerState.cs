using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>What the grain of an API invoker stores.</summary>
internal sealed class ApiInvokerState
{
    /// <summary>The profile, without key, certificate and secret; null while the invoker is not onboarded.</summary>
    public ApiInvokerEnrolmentDetails? Profile { get; set; }

    /// <summary>Its certificate. Without a thumbprint it is an intent: the serial number is on record, nothing is signed.</summary>
    public CertificateRecord? Certificate { get; set; }

    /// <summary>A certificate that is to take its place: the serial number is on record, the key reserved or about to be; null but within an update.</summary>
    public CertificateRecord? IncomingCertificate { get; set; }

    /// <summary>Certificates that another took the place of, and that are still to be revoked.</summary>
    public List<CertificateRecord> ReplacedCertificates { get; set; } = [];

    /// <summary>SHA-256 of the Onboard_Secret (33.122 6.1 step 4), hexadecimal; null where there is none.</summary>
    public string? OnboardSecretSha256 { get; set; }

    /// <summary>The enrolment user whose credential onboarded it.</summary>
    public string? EnrolmentUser { get; set; }

    /// <summary>Scheme and host of this core function as the invoker addressed them at its onboarding.</summary>
    public string ApiRoot { get; set; } = "https://";

    /// <summary>An onboarding or update that waits for the operator.</summary>
    public PendingEnrolmentState? Pending { get; set; }

    /// <summary>Notifications to the invoker that its outbox does not have yet.</summary>
    public List<PendingNotice> Notices { get; set; } = [];

    /// <summary>The security context (29.222 5.6.2.2).</summary>
    public SecurityContextState? SecurityContext { get; set; }

    /// <summary>The websocket of revocations; it outlives the context, whose end it tells of, until the next negotiation.</summary>
    public WebsockNotifConfig? SecurityWebsocket { get; set; }

    /// <summary>The keys of method PSK, one for each AEF (33.122 A.1).</summary>
    public List<AefKeyState> AefKeys { get; set; } = [];

    /// <summary>The AEFs with which there ever was a security context: each must be told of the offboarding.</summary>
    public HashSet<string> KnownToAefs { get; set; } = [];

    /// <summary>The peers with which there ever was a security context: each must be told of the offboarding.</summary>
    public HashSet<string> KnownToPeers { get; set; } = [];

    /// <summary>The service APIs at which there may be an access control policy of this invoker.</summary>
    public HashSet<string> PolicyApiIds { get; set; } = [];

    /// <summary>Policies by default whose authorization was revoked, and that are still to be taken away.</summary>
    public List<EndedPolicy> EndedPolicies { get; set; } = [];

    /// <summary>An offboarding under way, or its record.</summary>
    public OffboardingState? Offboarding { get; set; }

    /// <summary>Events of this invoker that are not yet with their subscribers.</summary>
    public List<PendingEvent> PendingEvents { get; set; } = [];
}

/// <summary>An access control policy that ends with its authorization.</summary>
internal sealed class EndedPolicy
{
    /// <summary>The service API.</summary>
    public required string ApiId { get; init; }

    /// <summary>The AEF.</summary>
    public required string AefId { get; init; }
}

/// <summary>A certificate on record.</summary>
internal sealed class CertificateRecord
{
    /// <summary>Serial number, upper-case hexadecimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>SHA-256 of the certificate, upper-case hexadecimal; empty until it is signed.</summary>
    public string Thumbprint { get; init; } = "";

    /// <summary>When it expires.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>SHA-256 of the public key's SubjectPublicKeyInfo, upper-case hexadecimal.</summary>
    public required string PublicKeySha256 { get; init; }

    /// <summary>Whether another authority issued it: its serial number is no concern of our revocation list.</summary>
    public bool IsThirdParty { get; init; }
}

/// <summary>An offboarding (33.122 6.8): what its remaining steps need, since the profile is gone.</summary>
internal sealed class OffboardingState
{
    /// <summary>The last step done.</summary>
    public required OffboardingStep Done { get; set; }

    /// <summary>When the invoker asked for it.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The certificate to be revoked.</summary>
    public required CertificateRecord Certificate { get; init; }

    /// <summary>The AEFs to be told.</summary>
    public required List<string> AefIds { get; init; }

    /// <summary>The peers to be told.</summary>
    public List<string> CcfIds { get; init; } = [];

    /// <summary>The service APIs at which it may have an access control policy.</summary>
    public List<string> PolicyApiIds { get; init; } = [];

    /// <summary>The websocket channels of its notifications.</summary>
    public List<string> Channels { get; init; } = [];

    /// <summary>The identifier of the event, the same in every try.</summary>
    public required string EventId { get; init; }

    /// <summary>When no token of the invoker can be valid any more.</summary>
    public required DateTimeOffset TokensExpireAt { get; init; }
}
