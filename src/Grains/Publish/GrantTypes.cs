using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>
/// The OAuth 2.0 grant types that an AEF offers (29.222 8.2.4.2.3, 8.2.4.2.4): an interface's own take precedence over its profile's; where
/// neither names any it is client_credentials.
/// </summary>
internal static class GrantTypes
{
    private static readonly ImmutableArray<OAuthGrantType> Implied = [OAuthGrantType.ClientCredentials];

    /// <summary>What each interface of a profile offers; a profile with a domain name is one interface.</summary>
    public static IEnumerable<ImmutableArray<OAuthGrantType>> OfInterfaces(AefProfile profile)
    {
        var common = profile.GrantTypes ?? Implied;
        return profile.InterfaceDescriptions is not { IsEmpty: false } interfaces ? [common] : interfaces.Select(one => one.GrantTypes ?? common);
    }

    /// <summary>What any interface of an AEF offers for a service API.</summary>
    public static ImmutableArray<OAuthGrantType> OfAef(ServiceApiDescription api, string aefId) =>
    [
        .. (api.AefProfiles ?? []).Where(profile => profile.AefId == aefId).SelectMany(OfInterfaces).SelectMany(one => one).Distinct(),
    ];
}
