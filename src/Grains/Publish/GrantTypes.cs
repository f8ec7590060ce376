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

    /// <summary>Where a profile has grant types: the path of the first; null where it has none.</summary>
    public static string? AttributeOf(AefProfile profile, string path)
    {
        if (profile.GrantTypes is not null)
            return path + ".grantTypes";
        var interfaces = (profile.InterfaceDescriptions ?? []).ToList();
        var index = interfaces.FindIndex(one => one.GrantTypes is not null);
        return index < 0 ? null : $"{path}.interfaceDescriptions[{index}].grantTypes";
    }

    /// <summary>Grant types are of method OAUTH: refused beside security methods that do not have it (8.2.4.2.3, 8.2.4.2.4).</summary>
    public static Refusal? WithoutOAuth(AefProfile profile, string path)
    {
        if (profile.GrantTypes is not null && profile.SecurityMethods?.Contains(SecurityMethod.Oauth) == false)
            return Refusal.OfAttribute(path + ".grantTypes", "may be present only where securityMethods has OAUTH", cause: "OPTIONAL_IE_INCORRECT");
        var interfaces = profile.InterfaceDescriptions ?? [];
        for (var index = 0; index < interfaces.Length; index++)
        {
            if (interfaces[index].GrantTypes is not null && (interfaces[index].SecurityMethods ?? profile.SecurityMethods)?.Contains(SecurityMethod.Oauth) == false)
            {
                return Refusal.OfAttribute(
                    $"{path}.interfaceDescriptions[{index}].grantTypes", "may be present only where securityMethods has OAUTH", cause: "OPTIONAL_IE_INCORRECT");
            }
        }

        return null;
    }
}
