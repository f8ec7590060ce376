using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>The filters of a discovery (29.222 8.1.2.2.3.1), one method each; all given ones must hold.</summary>
internal static class DiscoveryFilter
{
    /// <summary>Whether a service API passes, whatever its location; vendor-specific filters look at its JSON (<see cref="VendorSpecificMatch"/>).</summary>
    public static bool Passes(DiscoveryQuery query, ServiceApiDescription api) =>
        HasName(query, api) && HasId(query, api) && HasCategory(query, api) && HasProvider(query, api) && HasApiFeatures(query, api)
        && HasVendorExtension(query, api) && HasSlices(query, api) && ProfileFilter.HasProfile(query, api, null);

    /// <summary>preferred-aef-loc: whether the profile that passes may be one at that location.</summary>
    public static bool IsPreferred(DiscoveryQuery query, ServiceApiDescription api) => ProfileFilter.HasProfile(query, api, query.PreferredAefLocation);

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
    private static bool HasApiFeatures(DiscoveryQuery query, ServiceApiDescription api) =>
        query.ApiSupportedFeatures is not { } wanted || Supports(api, wanted);

    /// <summary>Whether a service API supports each of these features.</summary>
    public static bool Supports(ServiceApiDescription api, SupportedFeatures wanted)
    {
        for (var feature = 1; feature <= wanted.Text.Length * 4; feature++)
        {
            if (wanted.Has(feature) && api.ApiSuppFeats?.Has(feature) != true)
                return false;
        }

        return true;
    }

    /// <summary>
    /// supported-features that say nothing but whether vendor extensions are known find the service APIs that fit; any others, and none, find all.
    /// </summary>
    private static bool HasVendorExtension(DiscoveryQuery query, ServiceApiDescription api) =>
        query.SupportedFeatures is not { } features || !DiscoveryFeature.IsVendorSwitch(features)
        || features.Has(DiscoveryFeature.VendSpecQueryParams) == api.HasVendorSpecific;

    /// <summary>net-slice-info: it is available in each of these slices.</summary>
    private static bool HasSlices(DiscoveryQuery query, ServiceApiDescription api) =>
        query.NetSliceInfo is not { } wanted || wanted.All(slice => api.NetSliceInfo?.Any(slice.IsSame) == true);
}
