using System.Net.Sockets;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Routing;

/// <summary>What topology hiding makes of a service API (29.222 5.3.2.2.2 step 2b, 23.222 8.24.3 step 2).</summary>
internal sealed class TopologyHidingRules
{
    private readonly Dictionary<(string? ApiId, string? AefId), TopologyHidingRule> _rules;

    /// <summary>These rules.</summary>
    public TopologyHidingRules(IEnumerable<TopologyHidingRule> rules) => _rules = rules.ToDictionary(rule => (rule.ApiId, rule.AefId));

    /// <summary>Nothing is hidden.</summary>
    public static TopologyHidingRules None { get; } = new([]);

    /// <summary>Whether a rule is for this service API and AEF.</summary>
    public static bool IsSame(TopologyHidingRule rule, string? apiId, string? aefId) => rule.ApiId == apiId && rule.AefId == aefId;

    /// <summary>Why a rule is refused; null when it is not.</summary>
    public static Refusal? Check(TopologyHidingRule rule, IEnumerable<TopologyHidingRule> others)
    {
        if (string.IsNullOrEmpty(rule.ApiId) && string.IsNullOrEmpty(rule.AefId))
            return Refusal.OfAttribute("aefId", "is missing: name a service API, an AEF, or both");
        if (rule.AefId == rule.HidingAefId)
            return Refusal.OfAttribute("hidingAefId", "is the AEF that is to be hidden");
        if ((rule.InterfaceDescriptions is { IsEmpty: false }) == (rule.DomainName is { Length: > 0 }))
            return Refusal.OfAttribute("interfaceDescriptions", "or domainName must say where the hiding AEF is invoked, and not both");
        if (rule.SecurityMethods.IsEmpty)
            return Refusal.OfAttribute("securityMethods", "is missing: API invokers authenticate to the hiding AEF");
        foreach (var other in others.Where(one => !IsSame(one, rule.ApiId, rule.AefId)))
        {
            // Who reaches an entry point must not find another one behind it: routing information leads to the AEF that serves.
            if (other.AefId is not null && other.AefId == rule.HidingAefId)
                return Refusal.OfAttribute("hidingAefId", "is hidden itself");
            if (rule.AefId is not null && other.HidingAefId == rule.AefId)
                return Refusal.OfAttribute("aefId", "hides another AEF");
        }

        return CheckRanges(rule);
    }

    /// <summary>The service API as it is shown: the same where nothing of it is hidden.</summary>
    public PublishedServiceApi Apply(PublishedServiceApi given)
    {
        var api = given.Description;
        if (_rules.Count == 0 || api.AefProfiles is not { } profiles || !profiles.Any(profile => Find(api.ApiId!, profile.AefId) is not null))
            return given;
        var shown = ImmutableArray.CreateBuilder<AefProfile>();
        var hidden = ImmutableArray.CreateBuilder<HiddenProfile>();
        foreach (var profile in profiles)
        {
            var instead = profile;
            if (Find(api.ApiId!, profile.AefId) is { } rule)
            {
                hidden.Add(new HiddenProfile { HidingAefId = rule.HidingAefId, Rule = RuleTo(profile, rule) });
                instead = Behind(profile, rule);
            }

            // How many stand behind one entry point is part of what is hidden.
            if (!shown.Any(one => IsSame(one, instead)))
                shown.Add(instead);
        }

        var status = api.ApiStatus is { } known
            ? known with { AefIds = [.. known.AefIds.Select(aefId => Find(api.ApiId!, aefId)?.HidingAefId ?? aefId).Distinct(StringComparer.Ordinal)] }
            : null;
        return given with { Description = api with { AefProfiles = shown.ToImmutable(), ApiStatus = status }, Hidden = hidden.ToImmutable() };
    }

    private TopologyHidingRule? Find(string apiId, string aefId)
    {
        var rule = _rules.GetValueOrDefault((apiId, aefId)) ?? _rules.GetValueOrDefault((apiId, null)) ?? _rules.GetValueOrDefault((null, aefId));
        // What the entry point offers of its own it need not hide.
        return rule?.HidingAefId == aefId ? null : rule;
    }

    private static RoutingRule RuleTo(AefProfile profile, TopologyHidingRule rule) => new()
    {
        AefProfile = profile,
        Ipv4AddrRanges = rule.Ipv4AddrRanges?.Select(range => new SourceIpv4AddressRange { Start = range.Start, End = range.End }).ToImmutableArray(),
        Ipv6AddrRanges = rule.Ipv6AddrRanges,
    };

    /// <summary>
    /// What the service API is stays; where it is, and how one authenticates there, are the entry point's. Vendor-specific attributes of a
    /// profile may say where it is, too.
    /// </summary>
    private static AefProfile Behind(AefProfile profile, TopologyHidingRule rule)
    {
        var isRnaa = profile.GrantTypes is not null || (profile.InterfaceDescriptions ?? []).Any(one => one.GrantTypes is not null);
        return profile.WithoutVendorSpecific() with
        {
            AefId = rule.HidingAefId,
            InterfaceDescriptions = rule.InterfaceDescriptions,
            DomainName = rule.DomainName,
            SecurityMethods = rule.SecurityMethods,
            GrantTypes = isRnaa ? [.. GrantTypes.OfInterfaces(profile).SelectMany(one => one).Distinct()] : null,
            AefLocation = null,
        };
    }

    // Arrays within records are not compared by what they hold; their text is.
    private static bool IsSame(AefProfile one, AefProfile other) => ReferenceEquals(one, other)
        || (one.AefId == other.AefId && WireJson.SerializeToUtf8Bytes(one).AsSpan().SequenceEqual(WireJson.SerializeToUtf8Bytes(other)));

    private static Refusal? CheckRanges(TopologyHidingRule rule)
    {
        foreach (var range in rule.Ipv4AddrRanges ?? [])
        {
            if (AddressRanges.Fault(range.Start, range.End, AddressFamily.InterNetwork) is { } fault)
                return Refusal.OfAttribute("ipv4AddrRanges", fault);
        }

        foreach (var range in rule.Ipv6AddrRanges ?? [])
        {
            if (AddressRanges.Fault(range.Start, range.End, AddressFamily.InterNetworkV6) is { } fault)
                return Refusal.OfAttribute("ipv6AddrRanges", fault);
        }

        return null;
    }
}
