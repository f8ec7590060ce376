using CapifOrleans.Discover;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>The filters of a discovery that one AEF profile must pass, and those that one version of it must pass (29.222 8.1.2.2.3.1).</summary>
internal static class ProfileFilter
{
    /// <summary>
    /// Whether one profile, and one version of it, has all that aef-id, protocol, data-format, grant-types, service-kpis, ue-ip-addr, api-version,
    /// comm-type and res-ops ask for, and is at <paramref name="location"/> if that is given.
    /// </summary>
    public static bool HasProfile(DiscoveryQuery query, ServiceApiDescription api, AefLocation? location)
    {
        if (location is null && query is
            {
                AefId: null, Protocol: null, DataFormat: null, ApiVersion: null, CommunicationType: null, GrantTypes: null, ServiceKpis: null, UeIpAddr: null,
                ResOps: null,
            })
        {
            return true;
        }

        return (api.AefProfiles ?? []).Any(profile =>
            (query.AefId is null || query.AefId == profile.AefId)
            && (query.Protocol is null || query.Protocol == profile.Protocol)
            && (query.DataFormat is null || query.DataFormat == profile.DataFormat)
            && HasGrantTypes(query, profile)
            && (query.ServiceKpis is null || ServiceKpisMatch.IsAsGood(profile.ServiceKpis, query.ServiceKpis))
            && (query.UeIpAddr is null || AddressRanges.Contain(profile.UeIpRange, query.UeIpAddr))
            && (location is null || LocationMatch.IsAt(profile.AefLocation, location))
            && ((query.ApiVersion is null && query.CommunicationType is null && query.ResOps is null)
                || profile.Versions.Any(version => HasVersion(query, version))));
    }

    /// <summary>grant-types: one interface offers each of them (33.122 6.5.3).</summary>
    private static bool HasGrantTypes(DiscoveryQuery query, AefProfile profile) => query.GrantTypes is not { } wanted
        || GrantTypes.OfInterfaces(profile).Any(offered => wanted.All(one => offered.Contains(one)));

    private static bool HasVersion(DiscoveryQuery query, CapifOrleans.Publish.Version version) =>
        (query.ApiVersion is null || query.ApiVersion == version.ApiVersion)
        && (query.CommunicationType is not { } wanted
            || (version.Resources ?? []).Any(resource => resource.CommType == wanted)
            || (version.CustOperations ?? []).Any(operation => operation.CommType == wanted))
        && (query.ResOps is not { } resOps || resOps.All(one => ResOpsMatch.Has(version, one)));
}
