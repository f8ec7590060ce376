using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>What a security context may hold by its features (29.222 8.5.6): attributes of a feature that is not negotiated are refused.</summary>
internal static class SecurityContextRules
{
    /// <summary>What is wrong with a context; null when nothing is.</summary>
    public static Refusal? Check(ServiceSecurity context, SupportedFeatures? negotiated)
    {
        // The document says "minimum" of an array where it means minItems.
        if (context.SecurityInfo.IsEmpty)
            return Refusal.OfAttribute("securityInfo", "must have at least 1 item");
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            var entry = context.SecurityInfo[index];
            // Not ignored: what narrows an authorization must not be lost unheard.
            if (entry.ApiId is not null && negotiated?.Has(SecurityFeature.SecurityInfoPerApi) != true)
                return Needs($"securityInfo[{index}].apiId", "SecurityInfoPerAPI", SecurityFeature.SecurityInfoPerApi);
            if (entry.GrantType is not null && negotiated?.Has(SecurityFeature.Rnaa) != true)
                return Needs($"securityInfo[{index}].grantType", "RNAA", SecurityFeature.Rnaa);
        }

        return null;
    }

    private static Refusal Needs(string attribute, string feature, int number) => Refusal.OfAttribute(
        attribute, $"needs feature {number} {feature} in supportedFeatures", cause: "OPTIONAL_IE_INCORRECT");
}
