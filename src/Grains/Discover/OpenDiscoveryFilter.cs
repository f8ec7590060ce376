using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>The filters of an open discovery (29.222 8.11.2.2.3.1): all given ones must hold, each by one of its values.</summary>
internal static class OpenDiscoveryFilter
{
    /// <summary>Whether a service API passes, in a profile at that location if one is given.</summary>
    public static bool Passes(OpenDiscoveryQuery query, CatalogEntry entry, AefLocation? location)
    {
        var api = entry.Description;
        return IsOneOf(query.ApiNames, api.ApiName)
            && IsOneOf(query.ApiIds, api.ApiId)
            && IsOneOf(query.ApiCategories, api.ServiceApiCategory)
            && IsOneOf(query.ApiProviderNames, api.ApiProvName)
            && (!query.ApiSupportedFeatures.TryGetValue(api.ApiName, out var wanted) || DiscoveryFilter.Supports(api, wanted))
            && HasProfile(query, api, location)
            && (query.VendorSpecific is not { } filters || VendorSpecificMatch.HasAll(entry.OpenRepresentation, filters));
    }

    private static bool IsOneOf(ImmutableArray<string>? wanted, string? value) => wanted is not { } values || (value is not null && values.Contains(value));

    /// <summary>One profile, and one version of it, has them all, as in a discovery by an API invoker.</summary>
    private static bool HasProfile(OpenDiscoveryQuery query, ServiceApiDescription api, AefLocation? location)
    {
        IEnumerable<Protocol?> protocols = query.Protocols is { } some ? some.Select(one => (Protocol?)one) : [null];
        IEnumerable<string?> versions = query.ApiVersions.TryGetValue(api.ApiName, out var named) ? named.Select(one => (string?)one) : [null];
        return protocols.Any(protocol => versions.Any(version => ProfileFilter.HasProfile(
            new DiscoveryQuery
            {
                ApiInvokerId = "",
                CommunicationType = query.CommunicationType,
                DataFormat = query.DataFormat,
                ServiceKpis = query.ServiceKpis,
                ResOps = query.ResOps,
                Protocol = protocol,
                ApiVersion = version,
            },
            api,
            location)));
    }
}
