namespace CapifOrleans.Discover;

/// <summary>The features of CAPIF_Discover_Service_API (TS 29.222 8.1.6); all of V19.4.0 are built.</summary>
public static class DiscoveryFeature
{
    /// <summary>ApiSupportedFeatureQuery: <c>api-supported-features</c>.</summary>
    public const int ApiSupportedFeatureQuery = 1;

    /// <summary>VendSpecQueryParams: <c>vend-spec-…</c>, and vendor-specific attributes in answers.</summary>
    public const int VendSpecQueryParams = 2;

    /// <summary>RNAA: <c>req-api-prov-name</c>, <c>ue-ip-addr</c>, <c>grant-types</c>.</summary>
    public const int Rnaa = 3;

    /// <summary>SliceBasedAPIExposure: <c>net-slice-info</c>.</summary>
    public const int SliceBasedApiExposure = 4;

    /// <summary>CAPIF_Ext1: <c>res-ops</c>.</summary>
    public const int CapifExt1 = 5;

    /// <summary>MultiStepDiscovery: <c>api-ids</c>.</summary>
    public const int MultiStepDiscovery = 6;

    /// <summary>Those that are built.</summary>
    public static SupportedFeatures Supported { get; } =
        SupportedFeatures.Of(ApiSupportedFeatureQuery, VendSpecQueryParams, Rnaa, SliceBasedApiExposure, CapifExt1, MultiStepDiscovery);

    /// <summary>
    /// Whether these are no features but VendSpecQueryParams. OpenCAPIF's clients switch vendor-specific service APIs on and off by that: they
    /// find them alone, or the others alone, and their answers have no <c>suppFeat</c> (docs/divergences.md).
    /// </summary>
    public static bool IsVendorSwitch(SupportedFeatures features)
    {
        var text = features.Text;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '0' && !(index == text.Length - 1 && text[index] == '2'))
                return false;
        }

        return true;
    }
}
