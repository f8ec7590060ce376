using System.Net;
using System.Net.Sockets;
using CapifOrleans.Compatibility;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>What a description must be beyond its schema (29.222 5.3.2.2, 8.2.4.2.2, 8.2.6): one method a rule.</summary>
internal static class PublishRules
{
    private const int PatchUpdate = 2;
    private const int ApiStatusMonitoring = 6;
    private const int EdgeApp2 = 7;
    private const int Rnaa = 8;
    private const int VendorExt = 9;
    private const int SliceBasedApiExposure = 10;

    // What a merge patch may change (ServiceAPIDescriptionPatch, 29.222 8.2.4.2.11).
    private static readonly string[] Patchable =
        ["apiStatus", "aefProfiles", "description", "shareableInfo", "serviceAPICategory", "apiSuppFeats", "pubApiPath", "ccfId"];

    /// <summary>
    /// The features that are built (29.222 8.2.6), all of V19.4.0: 1 ApiSupportedFeaturePublishing, 2 PatchUpdate, 3 ExtendedIntfDesc,
    /// 4 MultipleCustomOperations, 5 ProtocDataFormats_Ext1, 6 ApiStatusMonitoring, 7 EdgeApp_2, 8 RNAA, 9 VendorExt, 10 SliceBasedAPIExposure.
    /// </summary>
    public static SupportedFeatures Features { get; } =
        SupportedFeatures.Of(1, PatchUpdate, 3, 4, 5, ApiStatusMonitoring, EdgeApp2, Rnaa, VendorExt, SliceBasedApiExposure);

    /// <summary>Why a new description is refused; null when it is not.</summary>
    public static Refusal? CheckNew(ServiceApiDescription description, CompatibilityProfile profile)
    {
        if (description.ApiId is not null)
            return Refusal.OfAttribute("apiId", "is given by the core function and must be absent", cause: "OPTIONAL_IE_INCORRECT");
        return description.SupportedFeatures is null ? MissingFeatures : Check(description, profile);
    }

    /// <summary>Why a description is refused; null when it is not.</summary>
    public static Refusal? Check(ServiceApiDescription description, CompatibilityProfile profile) =>
        HasName(description) ?? HasStatusByFeature(description) ?? HasVendorExtensionByFeature(description) ?? HasAttributesByFeature(description)
        ?? HasDistinctProfiles(description) ?? (profile.AcceptsAnyAddress ? null : HasAddresses(description));

    /// <summary>
    /// Why a patch is refused, by the attributes that it touches. It needs PatchUpdate; ApiStatusMonitoring, whose use is to switch the status,
    /// allows a patch of the status alone.
    /// </summary>
    public static Refusal? CheckPatch(ServiceApiDescription before, ImmutableArray<string> touched, CompatibilityProfile profile)
    {
        foreach (var name in touched)
        {
            if (!Patchable.Contains(name) && !VendorSpecificAttributes.IsName(name))
                return Refusal.OfAttribute(name, "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        }

        var isStatusOnly = touched is ["apiStatus"] && before.SupportedFeatures?.Has(ApiStatusMonitoring) == true;
        return isStatusOnly || profile.PatchesWithoutFeature || before.SupportedFeatures?.Has(PatchUpdate) == true
            ? null
            : Refusal.Of(ErrorKind.Forbidden, "Feature PatchUpdate was not negotiated for this service API.", "FEATURE_NOT_NEGOTIATED");
    }

    /// <summary>
    /// The description as it is accepted: with its apiId, and with the features that both sides have (29.500 6.6.2). An update that names no
    /// features leaves them as they were.
    /// </summary>
    public static ServiceApiDescription Accept(
        ServiceApiDescription description, string apiId, SupportedFeatures? before, CompatibilityProfile profile) =>
        description with { ApiId = apiId, SupportedFeatures = profile.Accept(description.SupportedFeatures ?? before, Features) };

    /// <summary>Whether the service API is active anywhere: without a status it is (29.222 8.2.4.2.12).</summary>
    public static bool IsAvailable(ServiceApiDescription description) => description.ApiStatus is not { } status || !status.AefIds.IsEmpty;

    /// <summary>The AEFs that expose it.</summary>
    public static IEnumerable<string> AefIds(ServiceApiDescription description) =>
        (description.AefProfiles ?? []).Select(profile => profile.AefId).Distinct(StringComparer.Ordinal);

    /// <summary>The AEFs that expose it, to whomever: those that are shown and those behind them.</summary>
    public static IEnumerable<string> AefIds(PublishedServiceApi published) =>
        AefIds(published.Description).Union(published.Hidden.Select(one => one.Rule.AefProfile.AefId), StringComparer.Ordinal);

    // 29.222 8.2.4.2.2: to be given when the resource is created.
    private static Refusal MissingFeatures { get; } = new()
    {
        Kind = ErrorKind.InvalidRequest,
        Detail = "supportedFeatures not present in request",
        Cause = "supportedFeatures not present",
        InvalidParams = [InvalidParam.Of("supportedFeatures", "is missing")],
    };

    private static Refusal? HasName(ServiceApiDescription description) =>
        description.ApiName.Length == 0 ? Refusal.OfAttribute("apiName", "must not be empty") : null;

    /// <summary>apiStatus belongs to ApiStatusMonitoring.</summary>
    private static Refusal? HasStatusByFeature(ServiceApiDescription description) =>
        description.ApiStatus is null || description.SupportedFeatures?.Has(ApiStatusMonitoring) == true ? null : Refusal.Exactly(
            ErrorKind.InvalidRequest, "Set apiStatus with apiStatusMonitoring feature inactive at supportedFeatures if not allowed",
            "apiStatus can't be set if apiStatusMonitoring is inactive", "apiStatus", "needs feature ApiStatusMonitoring in supportedFeatures");

    /// <summary>Vendor-specific attributes and VendorExt come together.</summary>
    private static Refusal? HasVendorExtensionByFeature(ServiceApiDescription description) =>
        description.HasVendorSpecific == (description.SupportedFeatures?.Has(VendorExt) == true) ? null : Refusal.Exactly(
            ErrorKind.InvalidRequest, "If and only if VendorExt feature is enabled, then vendor-specific fields should be defined",
            "Vendor extensibility misconfiguration", "supportedFeatures", "and vendor-specific attributes differ about VendorExt");

    /// <summary>8.2.4.2.3, 29.122 5.2.1.2: ipv4Addr and ipv6Addr are addresses.</summary>
    private static Refusal? HasAddresses(ServiceApiDescription description)
    {
        var profiles = description.AefProfiles ?? [];
        for (var index = 0; index < profiles.Length; index++)
        {
            var interfaces = profiles[index].InterfaceDescriptions ?? [];
            for (var at = 0; at < interfaces.Length; at++)
            {
                var wrong = (interfaces[at].Ipv4Addr is { } v4 && !IsAddress(v4, AddressFamily.InterNetwork)) ? "ipv4Addr"
                    : (interfaces[at].Ipv6Addr is { } v6 && !IsAddress(v6, AddressFamily.InterNetworkV6)) ? "ipv6Addr" : null;
                if (wrong is not null)
                    return Refusal.OfAttribute($"aefProfiles[{index}].interfaceDescriptions[{at}].{wrong}", "is not an address", cause: "OPTIONAL_IE_INCORRECT");
            }
        }

        return null;
    }

    // .NET reads "1" and "0x7f.1" as addresses of IPv4; RFC 1166 does not.
    private static bool IsAddress(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family && (family != AddressFamily.InterNetwork || address.ToString() == text);

    /// <summary>
    /// serviceKpis belong to EdgeApp_2; apiProvName, ueIpRange and grantTypes to RNAA; netSliceInfo to SliceBasedAPIExposure. Without the feature
    /// they are refused, not dropped: a service API that leaves out CLIENT_CREDENTIALS would be open to more without them.
    /// </summary>
    private static Refusal? HasAttributesByFeature(ServiceApiDescription description)
    {
        var features = description.SupportedFeatures;
        if (description.ApiProvName is not null && features?.Has(Rnaa) != true)
            return Needs("apiProvName", Rnaa, "RNAA");
        if (description.NetSliceInfo is not null && features?.Has(SliceBasedApiExposure) != true)
            return Needs("netSliceInfo", SliceBasedApiExposure, "SliceBasedAPIExposure");
        var profiles = description.AefProfiles ?? [];
        for (var index = 0; index < profiles.Length; index++)
        {
            var (profile, path) = (profiles[index], $"aefProfiles[{index}]");
            if (profile.ServiceKpis is not null && features?.Has(EdgeApp2) != true)
                return Needs($"{path}.serviceKpis", EdgeApp2, "EdgeApp_2");
            if (profile.UeIpRange is not null && features?.Has(Rnaa) != true)
                return Needs($"{path}.ueIpRange", Rnaa, "RNAA");
            if (GrantTypes.AttributeOf(profile, path) is { } attribute && features?.Has(Rnaa) != true)
                return Needs(attribute, Rnaa, "RNAA");
            if ((GrantTypes.WithoutOAuth(profile, path) ?? UeRanges.Check(profile, path)) is { } wrong)
                return wrong;
        }

        return null;
    }

    private static Refusal Needs(string attribute, int feature, string name) =>
        Refusal.OfAttribute(attribute, $"needs feature {feature} {name} in supportedFeatures", cause: "OPTIONAL_IE_INCORRECT");

    private static Refusal? HasDistinctProfiles(ServiceApiDescription description)
    {
        var profiles = description.AefProfiles ?? [];
        for (var index = 0; index < profiles.Length; index++)
        {
            var profile = profiles[index];
            if (profile.AefId.Length == 0)
                return Refusal.OfAttribute($"aefProfiles[{index}].aefId", "must not be empty");
            if (profile.DomainName is not null && profiles.Take(index).Any(one => one.AefId == profile.AefId && one.DomainName == profile.DomainName))
                return Refusal.OfAttribute($"aefProfiles[{index}]", "repeats an earlier profile of this AEF");
        }

        return null;
    }
}
