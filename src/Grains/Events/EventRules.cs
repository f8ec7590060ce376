using CapifOrleans.Events;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>Who may subscribe to what, and what filters an event takes (29.222 5.4.2.2, 23.222 8.8 and 10.1).</summary>
internal static class EventRules
{
    /// <summary>The features that are built: 3 Enhanced_event_report, 4 ApiStatusMonitoring (29.222 8.3.6).</summary>
    public static SupportedFeatures Features { get; } = SupportedFeatures.Of(3, 4);

    /// <summary>Why a subscription is refused; null when it is not.</summary>
    public static Refusal? Check(CallerIdentity subscriber, EventSubscription subscription)
    {
        for (var index = 0; index < subscription.Events.Length; index++)
        {
            if (!MaySubscribe(subscriber.Role, subscription.Events[index]))
            {
                return Refusal.OfAttribute(
                    $"events[{index}]", $"{WireNames.Of(subscription.Events[index])} is not for this role", ErrorKind.Forbidden, "EVENT_NOT_ALLOWED");
            }
        }

        return subscription.Events.Distinct().Count() != subscription.Events.Length
            ? Refusal.OfAttribute("events", "names an event twice")
            : CheckFilters(subscription) ?? CheckReporting(subscription);
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

    /// <summary>Whether a filter lets an occurrence through; its members are all to hold.</summary>
    public static bool Lets(CapifEventFilter? filter, EventOccurrence occurrence) => filter is null
        || (Overlaps(filter.ApiIds, occurrence.ApiIds) && Overlaps(filter.AefIds, occurrence.AefIds) && Overlaps(filter.ApiInvokerIds, occurrence.ApiInvokerIds));

    /// <summary>The notification as this subscription gets it (29.222 8.3.4.2.3): no detail without feature 3, descriptions only with feature 4.</summary>
    public static EventNotification ToNotification(string subscriptionId, EventSubscription subscription, EventOccurrence occurrence) => new()
    {
        SubscriptionId = subscriptionId,
        Events = occurrence.Event,
        EventDetail = subscription.SupportedFeatures?.Has(3) == true ? Detail(subscription, occurrence) : null,
    };

    private static CapifEventDetail? Detail(EventSubscription subscription, EventOccurrence occurrence)
    {
        var isAvailability = occurrence.Event is CapifEvent.ServiceApiAvailable or CapifEvent.ServiceApiUnavailable;
        return isAvailability && subscription.SupportedFeatures?.Has(4) != true && occurrence.Detail is { } detail
            ? detail with { ServiceApiDescriptions = null }
            : occurrence.Detail;
    }

    // 29.222 8.3.4.2.2: the n-th filter belongs to the n-th event.
    private static Refusal? CheckFilters(EventSubscription subscription)
    {
        if (subscription.EventFilters is not { } filters)
            return null;
        if (subscription.SupportedFeatures?.Has(3) != true)
            return Refusal.OfAttribute("eventFilters", "EnhancedEventReport is not enabled", cause: "Event filters provided but EnhancedEventReport is not enabled");
        if (filters.Length > subscription.Events.Length)
            return Refusal.OfAttribute("eventFilters", "has more items than events");
        for (var index = 0; index < filters.Length; index++)
        {
            var capifEvent = subscription.Events[index];
            var (api, invoker, aef) = Applicable(capifEvent);
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
                return Refusal.OfAttribute(
                    "eventFilter", $"The eventFilter {{'{wrong}'}} for event {name} are not applicable.", cause: $"Invalid eventFilter for event {name}");
            }
        }

        return null;
    }

    private static (bool Api, bool Invoker, bool Aef) Applicable(CapifEvent capifEvent) => capifEvent switch
    {
        CapifEvent.ServiceApiAvailable or CapifEvent.ServiceApiUnavailable or CapifEvent.ServiceApiUpdate => (true, false, false),
        CapifEvent.ApiInvokerOnboarded or CapifEvent.ApiInvokerOffboarded or CapifEvent.ApiInvokerUpdated
            or CapifEvent.ApiInvokerAuthorizationRevoked => (false, true, false),
        CapifEvent.ServiceApiInvocationSuccess or CapifEvent.ServiceApiInvocationFailure => (true, true, true),
        CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable => (true, true, false),
        CapifEvent.ApiInvokerOnboardingCriteriaFailed => (true, true, true),
        CapifEvent.ServiceApiOnboardedByApiInvokersCount or CapifEvent.ServiceApiDiscoveryByApiInvokersCount => (true, false, false),
        _ => (false, false, false),
    };

    // What is not built is refused, not ignored.
    private static Refusal? CheckReporting(EventSubscription subscription)
    {
        if (subscription.EventReq is not { } reporting)
            return null;
        if (reporting.NotifMethod == NotificationMethod.Periodic || reporting.RepPeriod is not null)
            return NotBuilt("eventReq.notifMethod", "periodic reporting");
        if (reporting.ImmRep == true)
            return NotBuilt("eventReq.immRep", "immediate reporting");
        if (reporting.SampRatio is not null || reporting.PartitionCriteria is not null || reporting.GrpRepTime is not null)
            return NotBuilt("eventReq", "sampling, partitioning or grouping of reports");
        if (reporting.NotifFlag is not null || reporting.NotifFlagInstruct is not null || reporting.MutingSetting is not null)
            return NotBuilt("eventReq.notifFlag", "muting");
        return null;
    }

    private static Refusal NotBuilt(string attribute, string what) =>
        Refusal.OfAttribute(attribute, $"{what} is not supported by this core function", ErrorKind.Forbidden, "NOT_SUPPORTED");

    private static bool Overlaps(ImmutableArray<string>? wanted, ImmutableArray<string> given) => wanted is not { } some || some.Any(given.Contains);
}
