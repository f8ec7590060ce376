using CapifOrleans.Compatibility;
using CapifOrleans.Events;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>Who may subscribe to what, and what filters an event takes (29.222 5.4.2.2, 23.222 8.8 and 10.1).</summary>
internal static class EventRules
{
    /// <summary>Enhanced_event_report: eventDetail, eventFilters and eventReq.</summary>
    public const int EnhancedEventReport = 3;

    /// <summary>ApiStatusMonitoring.</summary>
    public const int ApiStatusMonitoring = 4;

    /// <summary>CAPIF_Ext1: failed onboarding criteria and counts.</summary>
    public const int CapifExt1 = 5;

    /// <summary>The features that are built (29.222 8.3.6): all of V19.4.0.</summary>
    public static SupportedFeatures Features { get; } = SupportedFeatures.Of(
        NotificationFeature.TestEvent, NotificationFeature.Websocket, EnhancedEventReport, ApiStatusMonitoring, CapifExt1);

    /// <summary>Why a subscription is refused; null when it is not.</summary>
    /// <param name="subscriber">Who subscribes.</param>
    /// <param name="subscription">What it wants.</param>
    /// <param name="profile">The profile; null for the standard.</param>
    public static Refusal? Check(CallerIdentity subscriber, EventSubscription subscription, CompatibilityProfile? profile = null)
    {
        profile ??= CompatibilityProfile.Standard;
        if (profile.MissingFeatures(subscription.SupportedFeatures) is { } missing)
            return missing;
        for (var index = 0; index < subscription.Events.Length; index++)
        {
            if (!profile.TellsEverybodyOfEvents && !MaySubscribe(subscriber.Role, subscription.Events[index]))
            {
                return Refusal.OfAttribute(
                    $"events[{index}]", $"{WireNames.Of(subscription.Events[index])} is not for this role", ErrorKind.Forbidden, "EVENT_NOT_ALLOWED");
            }
        }

        for (var index = 0; index < subscription.Events.Length; index++)
        {
            if (IsOfCapifExt1(subscription.Events[index]) && subscription.SupportedFeatures?.Has(CapifExt1) != true)
                return Refusal.OfAttribute($"events[{index}]", $"{WireNames.Of(subscription.Events[index])} is of feature CAPIF_Ext1, which is not negotiated");
        }

        return subscription.Events.Distinct().Count() != subscription.Events.Length
            ? Refusal.OfAttribute("events", "names an event twice")
            : CheckFilters(subscription, profile) ?? ReportingRules.Check(subscription);
    }

    /// <summary>23.222 8.8 and 10.1, as far as they say: API invokers hear of service APIs, and of themselves.</summary>
    public static bool MaySubscribe(CallerRole role, CapifEvent capifEvent) => capifEvent switch
    {
        CapifEvent.ServiceApiAvailable or CapifEvent.ServiceApiUnavailable or CapifEvent.ServiceApiUpdate => true,
        CapifEvent.ApiInvokerAuthorizationRevoked => role is CallerRole.Aef or CallerRole.Amf or CallerRole.ApiInvoker,
        CapifEvent.ApiInvokerOnboarded or CapifEvent.ApiInvokerOffboarded or CapifEvent.ApiInvokerUpdated => role is CallerRole.Amf or CallerRole.Aef,
        CapifEvent.ServiceApiInvocationSuccess or CapifEvent.ServiceApiInvocationFailure => role is CallerRole.Amf,
        CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable => role is CallerRole.Aef,
        CapifEvent.ApiTopologyHidingCreated or CapifEvent.ApiTopologyHidingRevoked => role is CallerRole.Aef,
        _ => role is CallerRole.Amf,
    };

    /// <summary>Whether an event is reported by period, not when something happens.</summary>
    public static bool IsCount(CapifEvent capifEvent) =>
        capifEvent is CapifEvent.ServiceApiOnboardedByApiInvokersCount or CapifEvent.ServiceApiDiscoveryByApiInvokersCount;

    /// <summary>The subscription as it is accepted: what belongs to a feature that is not negotiated is not part of it (29.500 6.6.2).</summary>
    public static EventSubscription Accept(EventSubscription asked, EventSubscription? current, CompatibilityProfile? profile = null)
    {
        var features = NotificationFeature.Negotiate(asked.SupportedFeatures, profile?.EventFeatures ?? Features);
        return asked with
        {
            SupportedFeatures = features,
            EventReq = features?.Has(EnhancedEventReport) == true ? asked.EventReq : null,
            WebsockNotifConfig = NotificationFeature.Accept(features, asked.WebsockNotifConfig, current?.WebsockNotifConfig),
        };
    }

    /// <summary>The filter of the n-th event; null for none.</summary>
    public static CapifEventFilter? FilterOf(EventSubscription subscription, int index) =>
        subscription.EventFilters is { } filters && index < filters.Length ? filters[index] : null;

    /// <summary>Whether a filter lets an occurrence through; its members are all to hold.</summary>
    public static bool Lets(CapifEventFilter? filter, EventOccurrence occurrence) => filter is null
        || (Overlaps(filter.ApiIds, occurrence.ApiIds) && Overlaps(filter.AefIds, occurrence.AefIds) && Overlaps(filter.ApiInvokerIds, occurrence.ApiInvokerIds));

    /// <summary>The notification as this subscription gets it (29.222 8.3.4.2.3): no detail without feature 3, descriptions only with feature 4.</summary>
    public static EventNotification ToNotification(
        string subscriptionId, EventSubscription subscription, EventOccurrence occurrence, CompatibilityProfile? profile = null) => new()
        {
            SubscriptionId = subscriptionId,
            Events = occurrence.Event,
            EventDetail = subscription.SupportedFeatures?.Has(EnhancedEventReport) == true && !(IsEnd(occurrence.Event) && profile?.TellsEndsWithoutDetail == true)
            ? Detail(subscription, occurrence) : null,
        };

    private static CapifEventDetail? Detail(EventSubscription subscription, EventOccurrence occurrence)
    {
        var isAvailability = occurrence.Event is CapifEvent.ServiceApiAvailable or CapifEvent.ServiceApiUnavailable;
        return isAvailability && subscription.SupportedFeatures?.Has(ApiStatusMonitoring) != true && occurrence.Detail is { } detail
            ? detail with { ServiceApiDescriptions = null }
            : occurrence.Detail;
    }

    private static bool IsEnd(CapifEvent capifEvent) =>
        capifEvent is CapifEvent.AccessControlPolicyUnavailable or CapifEvent.ApiInvokerAuthorizationRevoked;

    private static bool IsOfCapifExt1(CapifEvent capifEvent) => IsCount(capifEvent) || capifEvent == CapifEvent.ApiInvokerOnboardingCriteriaFailed;

    // 29.222 8.3.4.2.2: the n-th filter belongs to the n-th event.
    private static Refusal? CheckFilters(EventSubscription subscription, CompatibilityProfile profile)
    {
        if (subscription.EventFilters is not { } filters)
            return null;
        if (subscription.SupportedFeatures?.Has(EnhancedEventReport) != true)
        {
            return Refusal.Exactly(
                ErrorKind.InvalidRequest, "Bad Param", "Event filters provided but EnhancedEventReport is not enabled", "eventFilters",
                "EnhancedEventReport is not enabled");
        }

        if (filters.Length > subscription.Events.Length)
            return Refusal.OfAttribute("eventFilters", "has more items than events");
        for (var index = 0; index < filters.Length; index++)
        {
            var capifEvent = subscription.Events[index];
            var (api, invoker, aef) = Applicable(capifEvent, profile);
            var wrong = filters[index] switch
            {
                { ApiIds: not null } when !api => "api_ids",
                { ApiInvokerIds: not null } when !invoker => "api_invoker_ids",
                { AefIds: not null } when !aef => "aef_ids",
                _ => null,
            };
            if (wrong is not null)
            {
                var name = WireNames.Of(capifEvent);
                return Refusal.Exactly(
                    ErrorKind.InvalidRequest, "Bad Param", $"Invalid eventFilter for event {name}", "eventFilter",
                    $"The eventFilter {{'{wrong}'}} for event {name} are not applicable.");
            }
        }

        return null;
    }

    private static (bool Api, bool Invoker, bool Aef) Applicable(CapifEvent capifEvent, CompatibilityProfile profile) => capifEvent switch
    {
        CapifEvent.ServiceApiAvailable or CapifEvent.ServiceApiUnavailable or CapifEvent.ServiceApiUpdate => (true, false, false),
        CapifEvent.ApiInvokerOnboarded or CapifEvent.ApiInvokerOffboarded or CapifEvent.ApiInvokerUpdated
            or CapifEvent.ApiInvokerAuthorizationRevoked => (false, true, false),
        CapifEvent.ServiceApiInvocationSuccess or CapifEvent.ServiceApiInvocationFailure => (true, true, true),
        CapifEvent.AccessControlPolicyUnavailable when profile.TellsEndsWithoutDetail => (false, false, false),
        CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable => (true, true, false),
        CapifEvent.ApiInvokerOnboardingCriteriaFailed => (true, true, true),
        CapifEvent.ServiceApiOnboardedByApiInvokersCount or CapifEvent.ServiceApiDiscoveryByApiInvokersCount => (true, false, false),
        _ => (false, false, false),
    };

    private static bool Overlaps(ImmutableArray<string>? wanted, ImmutableArray<string> given) => wanted is not { } some || some.Any(given.Contains);
}
