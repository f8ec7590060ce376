using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using CapifOrleans.AccessControl;
using CapifOrleans.Discover;
using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;
using CapifOrleans.Routing;
using CapifOrleans.Security;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Control;

/// <summary>What crosses the control socket. Both ends are the same program.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(Outcome))]
[JsonSerializable(typeof(Outcome<EnrolmentUser>))]
[JsonSerializable(typeof(ImmutableArray<EnrolmentUser>))]
[JsonSerializable(typeof(CertificateOrder))]
[JsonSerializable(typeof(Outcome<SignedCertificate>))]
[JsonSerializable(typeof(InvocationLogRetention))]
[JsonSerializable(typeof(ImmutableArray<InvocationLogRetention>))]
[JsonSerializable(typeof(PolicySetting))]
[JsonSerializable(typeof(PolicySubject))]
[JsonSerializable(typeof(HeldPolicy))]
[JsonSerializable(typeof(Outcome<PolicyReport>))]
[JsonSerializable(typeof(DiscoveryRestriction))]
[JsonSerializable(typeof(DiscoveryRules))]
[JsonSerializable(typeof(OpenServiceApi))]
[JsonSerializable(typeof(TopologyHidingRule))]
[JsonSerializable(typeof(ImmutableArray<TopologyHidingRule>))]
[JsonSerializable(typeof(HiddenSubject))]
[JsonSerializable(typeof(ImmutableArray<PendingEnrolment>))]
[JsonSerializable(typeof(PendingEnrolment))]
[JsonSerializable(typeof(OnboardingDecision))]
[JsonSerializable(typeof(ServiceApiImport))]
[JsonSerializable(typeof(Outcome<ImportedServiceApi>))]
[JsonSerializable(typeof(CoreStatus))]
[JsonSerializable(typeof(ImmutableArray<TokenKeyDescription>))]
[JsonSerializable(typeof(KeyRotation))]
[JsonSerializable(typeof(InterconnectedCcf))]
[JsonSerializable(typeof(ImmutableArray<InterconnectedCcf>))]
[JsonSerializable(typeof(PeerReport))]
[JsonSerializable(typeof(PeerCertificateRevocation))]
[JsonSerializable(typeof(InterconnectionPolicy))]
[JsonSerializable(typeof(PeerPolicySubject))]
[JsonSerializable(typeof(NewResourceOwner))]
[JsonSerializable(typeof(Outcome<ResourceOwnerAccount>))]
[JsonSerializable(typeof(ImmutableArray<ResourceOwnerAccount>))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>For what commands print: without what is absent.</summary>
    public static ControlJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>How a running core function is.</summary>
internal sealed record CoreStatus
{
    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When it was ready.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether it serves requests now.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<ListenerStatus> Listeners { get; init; }

    /// <summary>How many enrolment accounts there are.</summary>
    public required int Users { get; init; }

    /// <summary>When the server certificate expires; it is renewed before that.</summary>
    public required DateTimeOffset ServerCertificateExpiresAt { get; init; }
}

/// <summary>A listener.</summary>
internal sealed record ListenerStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its base address.</summary>
    public required Uri Address { get; init; }

    /// <summary>What it is for.</summary>
    public required string Purpose { get; init; }
}
