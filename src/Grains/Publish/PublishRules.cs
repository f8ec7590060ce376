using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>What a description must be beyond its schema (29.222 5.3.2.2, 8.2.6).</summary>
internal static class PublishRules
{
    /// <summary>The features that are built: 2 PatchUpdate, 6 ApiStatusMonitoring, 9 VendorExt.</summary>
    public static SupportedFeatures Features { get; } = SupportedFeatures.Of(2, 6, 9);

    /// <summary>Why a description is refused; null when it is not.</summary>
    public static Refusal? Check(ServiceApiDescription description)
    {
        if (description.ApiStatus is not null && description.SupportedFeatures?.Has(6) != true)
        {
            return Refusal.OfAttribute(
                "apiStatus", "Set apiStatus with apiStatusMonitoring feature inactive at supportedFeatures if not allowed",
                cause: "apiStatus can't be set if apiStatusMonitoring is inactive");
        }

        if (description.HasVendorSpecific != (description.SupportedFeatures?.Has(9) == true))
        {
            return Refusal.OfAttribute(
                "supportedFeatures", "If and only if VendorExt feature is enabled, then vendor-specific fields should be defined",
                cause: "Vendor extensibility misconfiguration");
        }

        var profiles = description.AefProfiles ?? [];
        for (var index = 0; index < profiles.Length; index++)
        {
            var profile = profiles[index];
            if (profile.DomainName is not null && profiles.Take(index).Any(one => one.AefId == profile.AefId && one.DomainName == profile.DomainName))
                return Refusal.OfAttribute($"aefProfiles[{index}]", "repeats an earlier profile of this AEF");
        }

        return null;
    }

    /// <summary>Whether the service API is active anywhere: without a status it is (29.222 8.2.4.2.12).</summary>
    public static bool IsAvailable(ServiceApiDescription description) => description.ApiStatus is not { } status || !status.AefIds.IsEmpty;

    /// <summary>The AEFs that expose it.</summary>
    public static IEnumerable<string> AefIds(ServiceApiDescription description) =>
        (description.AefProfiles ?? []).Select(profile => profile.AefId).Distinct(StringComparer.Ordinal);
}
