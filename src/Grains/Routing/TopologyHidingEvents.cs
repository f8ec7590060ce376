using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Routing;

/// <summary>What AEFs that hide others are told (29.222 8.3.4.3.3, 23.222 8.24.2.1).</summary>
internal static class TopologyHidingEvents
{
    /// <summary>
    /// The events between two states of a service API, each for one hiding AEF: API_TOPOLOGY_HIDING_CREATED where it has other rules to route by
    /// than before, API_TOPOLOGY_HIDING_REVOKED where it has none any more, with those that it had.
    /// </summary>
    public static IEnumerable<PendingEvent> Between(PublishedServiceApi? before, PublishedServiceApi? after, DateTimeOffset now)
    {
        var apiId = (after ?? before)!.Description.ApiId!;
        var (old, current) = (ByAef(before), ByAef(after));
        foreach (var (aefId, rules) in old.Where(one => !current.ContainsKey(one.Key)))
            yield return Event(CapifEvent.ApiTopologyHidingRevoked, apiId, aefId, rules, now);
        foreach (var (aefId, rules) in current)
        {
            if (!old.TryGetValue(aefId, out var known) || !IsSame(known, rules))
                yield return Event(CapifEvent.ApiTopologyHidingCreated, apiId, aefId, rules, now);
        }
    }

    /// <summary>The rules by which an AEF routes: those for some source addresses before those for any.</summary>
    public static ImmutableArray<RoutingRule> RulesOf(PublishedServiceApi published, string hidingAefId) =>
    [
        .. published.Hidden.Where(one => one.HidingAefId == hidingAefId).Select(one => one.Rule)
            .OrderBy(rule => rule is { Ipv4AddrRanges: null, Ipv6AddrRanges: null }),
    ];

    private static Dictionary<string, ImmutableArray<RoutingRule>> ByAef(PublishedServiceApi? published) =>
        (published?.Hidden ?? []).Select(one => one.HidingAefId).Distinct(StringComparer.Ordinal)
            .ToDictionary(aefId => aefId, aefId => RulesOf(published!, aefId), StringComparer.Ordinal);

    private static bool IsSame(ImmutableArray<RoutingRule> one, ImmutableArray<RoutingRule> other) =>
        WireJson.SerializeToUtf8Bytes(new RoutingInfo { RoutingRules = one }).AsSpan()
            .SequenceEqual(WireJson.SerializeToUtf8Bytes(new RoutingInfo { RoutingRules = other }));

    private static PendingEvent Event(CapifEvent capifEvent, string apiId, string aefId, ImmutableArray<RoutingRule> rules, DateTimeOffset now) => new()
    {
        EventId = PendingEvents.NewId(),
        Event = capifEvent,
        OccurredAt = now,
        Detail = new CapifEventDetail { ApiTopoHide = new TopologyHiding { ApiId = apiId, RoutingRules = rules } },
        ApiIds = [apiId],
        AefIds = [aefId],
    };
}
