using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>The filters of a discovery (29.222 8.1.2.2.3.1), one method each; all given ones must hold.</summary>
internal static class DiscoveryFilter
{
    /// <summary>The feature VendSpecQueryParams (29.222 8.1.6).</summary>
    public const int VendorSpecificQueries = 2;

    /// <summary>Whether a service API passes.</summary>
    public static bool Passes(DiscoveryQuery query, ServiceApiDescription api) =>
        HasName(query, api) && HasId(query, api) && HasCategory(query, api) && HasProvider(query, api) && HasApiFeatures(query, api)
        && HasVendorExtension(query, api) && HasProfile(query, api);

    /// <summary>api-name: the same name.</summary>
    private static bool HasName(DiscoveryQuery query, ServiceApiDescription api) => query.ApiName is null || query.ApiName == api.ApiName;

    /// <summary>api-ids: one of these.</summary>
    private static bool HasId(DiscoveryQuery query, ServiceApiDescription api) => query.ApiIds is not { } ids || ids.Contains(api.ApiId!);

    /// <summary>api-cat: the same category.</summary>
    private static bool HasCategory(DiscoveryQuery query, ServiceApiDescription api) => query.ApiCategory is null || query.ApiCategory == api.ServiceApiCategory;

    /// <summary>req-api-prov-name: the same provider.</summary>
    private static bool HasProvider(DiscoveryQuery query, ServiceApiDescription api) =>
        query.RequestedApiProviderName is null || query.RequestedApiProviderName == api.ApiProvName;

    /// <summary>api-supported-features: the service API supports each of them.</summary>
    private static bool HasApiFeatures(DiscoveryQuery query, ServiceApiDescription api)
    {
        if (query.ApiSupportedFeatures is not { } wanted)
            return true;
        for (var feature = 1; feature <= wanted.Text.Length * 4; feature++)
        {
            if (wanted.Has(feature) && api.ApiSuppFeats?.Has(feature) != true)
                return false;
        }

        return true;
    }

    /// <summary>
    /// supported-features, feature 2 VendSpecQueryParams: who says whether it knows vendor extensions finds the service APIs that fit; who
    /// says nothing finds all, without the extensions.
    /// </summary>
    private static bool HasVendorExtension(DiscoveryQuery query, ServiceApiDescription api) =>
        query.SupportedFeatures is not { } features || features.Has(VendorSpecificQueries) == api.HasVendorSpecific;

    /// <summary>aef-id, protocol, data-format, api-version and comm-type: one profile, and one version of it, has them all.</summary>
    private static bool HasProfile(DiscoveryQuery query, ServiceApiDescription api)
    {
        if (query is { AefId: null, Protocol: null, DataFormat: null, ApiVersion: null, CommunicationType: null })
            return true;
        return (api.AefProfiles ?? []).Any(profile =>
            (query.AefId is null || query.AefId == profile.AefId)
            && (query.Protocol is null || query.Protocol == profile.Protocol)
            && (query.DataFormat is null || query.DataFormat == profile.DataFormat)
            && ((query.ApiVersion is null && query.CommunicationType is null) || profile.Versions.Any(version => HasVersion(query, version))));
    }

    private static bool HasVersion(DiscoveryQuery query, CapifOrleans.Publish.Version version) =>
        (query.ApiVersion is null || query.ApiVersion == version.ApiVersion)
        && (query.CommunicationType is not { } wanted
            || (version.Resources ?? []).Any(resource => resource.CommType == wanted)
            || (version.CustOperations ?? []).Any(operation => operation.CommType == wanted));
}
