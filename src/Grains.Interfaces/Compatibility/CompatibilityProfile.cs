using CapifOrleans.Publish;

namespace CapifOrleans.Compatibility;

/// <summary>
/// Where this core function follows another dialect of TS 29.222 than the standard's own: the one place in the code that knows. Validators, grains
/// and the error map ask it; what is not set is the standard. docs/compatibility.md lists every property, and a test compares the two.
/// </summary>
public sealed class CompatibilityProfile
{
    /// <summary>The standard.</summary>
    public static CompatibilityProfile Standard { get; } = new() { Name = "standard" };

    /// <summary>What OpenCAPIF's clients send and expect.</summary>
    public static CompatibilityProfile OpenCapif => OpenCapifDialect.Profile;

    /// <summary>What the option calls it.</summary>
    public required string Name { get; init; }

    // What is accepted.

    /// <summary>Accounts may have any password that is not empty, unless the operator set a length.</summary>
    public bool AcceptsAnyPassword { get; init; }

    /// <summary>The addresses of interfaces may be any text (29.222 8.2.4.2.3).</summary>
    public bool AcceptsAnyAddress { get; init; }

    /// <summary>An onboarding, its update and a subscription must bring supportedFeatures.</summary>
    public bool NeedsSupportedFeatures { get; init; }

    /// <summary>An update of an API invoker may bring another key, and gets another certificate for it (29.222 5.5.2.5.2).</summary>
    public bool AllowsNewInvokerKey { get; init; }

    /// <summary>The certificate and secret that an update of an API invoker brings, and the secret of a token request, are not looked at: its TLS certificate is.</summary>
    public bool IgnoresInvokerSecret { get; init; }

    /// <summary>A patch needs no feature PatchUpdate.</summary>
    public bool PatchesWithoutFeature { get; init; }

    /// <summary>An entry of a security context may name its service API without feature SecurityInfoPerAPI (29.222 8.5.6).</summary>
    public bool AcceptsApiIdWithoutFeature { get; init; }

    /// <summary>An audit must name both the AEF and the API invoker.</summary>
    public bool AuditsOnePair { get; init; }

    // What is negotiated.

    /// <summary>The features of a description and of an invocation log are answered as they came; who reads them knows what is meant.</summary>
    public bool RepeatsFeatures { get; init; }

    /// <summary>The only features of API invoker management that are negotiated; null for all that are built.</summary>
    public SupportedFeatures? InvokerFeatures { get; init; }

    /// <summary>The only features of the Security API that are negotiated; null for all that are built.</summary>
    public SupportedFeatures? SecurityFeatures { get; init; }

    /// <summary>The only features of the Events API that are negotiated; null for all that are built.</summary>
    public SupportedFeatures? EventFeatures { get; init; }

    /// <summary>The order in which security methods are selected; null for the API invoker's (33.122 6.3.1.2).</summary>
    public ImmutableArray<SecurityMethod>? SecurityMethodOrder { get; init; }

    // What is answered.

    /// <summary>Discovery shows shareableInfo (29.222 5.2.2.2.2).</summary>
    public bool ShowsShareableInformation { get; init; }

    /// <summary>A discovery's answer has no suppFeat (29.222 8.1.4.2.2), whatever was asked.</summary>
    public bool DiscoversWithoutFeatures { get; init; }

    /// <summary>authenticationInfo and authorizationInfo of an API invoker are kept and answered where they are plain text, but not where method PKI was selected.</summary>
    public bool RepeatsSecurityInformation { get; init; }

    /// <summary>A default access control policy says its bounds although it has none, and a question without result is refused.</summary>
    public bool WritesPoliciesOut { get; init; }

    // What is told by events.

    /// <summary>Every role may subscribe to every event, and hears of it whomever it is about; filters narrow it.</summary>
    public bool TellsEverybodyOfEvents { get; init; }

    /// <summary>Each negotiation tells of the policy of each of its entries, changed or not.</summary>
    public bool TellsUnchangedPolicies { get; init; }

    /// <summary>The end of a policy and the revocation of an authorization are told without detail, and their filters narrowed accordingly.</summary>
    public bool TellsEndsWithoutDetail { get; init; }

    /// <summary>A security context that an AEF deletes is no revocation to those who subscribed to API_INVOKER_AUTHORIZATION_REVOKED.</summary>
    public bool DeletesWithoutRevocation { get; init; }

    // What is refused, and how.

    /// <summary>A grant type that does not exist is a ProblemDetails of its own wording, no OAuth error.</summary>
    public bool RefusesGrantTypeByProblem { get; init; }

    /// <summary>What an APF is told of a service API that is not its own, unless it has none left of those it published; null as for any unknown one.</summary>
    public Refusal? UnknownServiceApi { get; init; }

    /// <summary>What a subscriber is told of a subscription that is not its own; null as for any unknown one.</summary>
    public Refusal? UnknownSubscription { get; init; }

    /// <summary>What an AEF is told that logs for another; null as forbidden.</summary>
    public Refusal? ForeignLog { get; init; }

    /// <summary>The operations that have other roles or refusals, by the name of their row.</summary>
    public ImmutableDictionary<string, OperationDialect> Operations { get; init; } = ImmutableDictionary<string, OperationDialect>.Empty;

    /// <summary>Features as they are answered and kept where a client compares them with what it sent.</summary>
    public SupportedFeatures? Accept(SupportedFeatures? asked, SupportedFeatures built) => RepeatsFeatures ? asked : asked?.Intersect(built);

    /// <summary>Why a request without features is refused; null when it is not.</summary>
    public Refusal? MissingFeatures(SupportedFeatures? given) => NeedsSupportedFeatures && given is null
        ? Refusal.Exactly(
            ErrorKind.InvalidRequest, "supportedFeatures not present in request", "supportedFeatures not present", "supportedFeatures", "is missing")
        : null;
}
