using CapifOrleans.Grains.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// Which security method an API invoker uses at an AEF (33.122 6.3.1.2, 29.222 8.5.4.2.3): its first preference that the interface offers
/// and that this core function allows.
/// </summary>
internal static class SecurityMethodSelection
{
    /// <summary>
    /// The selected method; null where there is none in common, in which case the entry is answered without one (8.5.4.2.3).
    /// <paramref name="psk"/> says whether the session is known that PSK needs its keys of (33.122 Annex A).
    /// </summary>
    public static SecurityMethod? Select(IEnumerable<SecurityMethod> preferred, IReadOnlySet<SecurityMethod> offered, bool psk)
    {
        foreach (var method in preferred)
        {
            if (offered.Contains(method) && (method is SecurityMethod.Oauth or SecurityMethod.Pki || (method is SecurityMethod.Psk && psk)))
                return method;
        }

        return null;
    }

    /// <summary>What the AEF offers for these service APIs: an interface's own methods take precedence over its profile's (Y19 InterfaceDescription).</summary>
    public static HashSet<SecurityMethod> OfferedBy(string aefId, IEnumerable<PublishedServiceApi> serviceApis)
    {
        var offered = new HashSet<SecurityMethod>();
        foreach (var profile in serviceApis.SelectMany(api => Profiles(api, aefId)))
        {
            var interfaces = (profile.InterfaceDescriptions ?? []).Where(one => one.SecurityMethods is not null).ToList();
            foreach (var one in interfaces)
                offered.UnionWith(one.SecurityMethods!.Value);
            if (interfaces.Count == 0 || interfaces.Count < (profile.InterfaceDescriptions?.Length ?? 0))
                offered.UnionWith(profile.SecurityMethods ?? []);
        }

        return offered;
    }

    /// <summary>What one interface offers.</summary>
    public static HashSet<SecurityMethod> OfferedAt(InterfaceDescription wanted, IEnumerable<PublishedServiceApi> serviceApis)
    {
        var offered = new HashSet<SecurityMethod>();
        foreach (var profile in serviceApis.SelectMany(api => api.Description.AefProfiles ?? []))
        {
            foreach (var one in (profile.InterfaceDescriptions ?? []).Where(one => IsSameInterface(one, wanted)))
                offered.UnionWith(one.SecurityMethods ?? profile.SecurityMethods ?? []);
        }

        return offered;
    }

    /// <summary>The AEFs behind one interface.</summary>
    public static ImmutableArray<string> AefsAt(InterfaceDescription wanted, IEnumerable<PublishedServiceApi> serviceApis) =>
    [
        .. serviceApis.SelectMany(api => api.Description.AefProfiles ?? [])
            .Where(profile => (profile.InterfaceDescriptions ?? []).Any(one => IsSameInterface(one, wanted)))
            .Select(profile => profile.AefId)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The grant types that the invoker wants and these AEFs offer for a service API (feature RNAA), in the invoker's order; null where it
    /// wants none, or there is none in common: then it gets tokens for itself only.
    /// </summary>
    public static ImmutableArray<OAuthGrantType>? SelectGrantTypes(
        ImmutableArray<OAuthGrantType>? wanted, ImmutableArray<string> aefIds, IEnumerable<PublishedServiceApi> serviceApis)
    {
        if (wanted is not { } types)
            return null;
        var offered = serviceApis.SelectMany(api => aefIds.SelectMany(aefId => GrantTypes.OfAef(api.Description, aefId))).ToHashSet();
        ImmutableArray<OAuthGrantType> common = [.. types.Distinct().Where(offered.Contains)];
        return common.IsEmpty ? null : common;
    }

    /// <summary>Whether both describe one interface: the same address and, where both name one, the same port and prefix.</summary>
    public static bool IsSameInterface(InterfaceDescription one, InterfaceDescription other) =>
        one.Ipv4Addr == other.Ipv4Addr
        && one.Ipv6Addr == other.Ipv6Addr
        && string.Equals(one.Fqdn, other.Fqdn, StringComparison.OrdinalIgnoreCase)
        && (one.Port is null || other.Port is null || one.Port == other.Port)
        && (one.ApiPrefix is null || other.ApiPrefix is null || one.ApiPrefix == other.ApiPrefix);

    private static IEnumerable<AefProfile> Profiles(PublishedServiceApi api, string aefId) =>
        (api.Description.AefProfiles ?? []).Where(profile => profile.AefId == aefId);
}
