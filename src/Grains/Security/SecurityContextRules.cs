using System.Buffers;
using CapifOrleans.Compatibility;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>What a security context may hold by its features (29.222 8.5.6): attributes of a feature that is not negotiated are refused.</summary>
internal static class SecurityContextRules
{
    private const int MostInertLength = 256;

    private static readonly SearchValues<char> InertLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz _.-");

    /// <summary>What is wrong with a context; null when nothing is.</summary>
    public static Refusal? Check(ServiceSecurity context, SupportedFeatures? negotiated, CompatibilityProfile? profile = null)
    {
        // The document says "minimum" of an array where it means minItems.
        if (context.SecurityInfo.IsEmpty)
            return Refusal.OfAttribute("securityInfo", "must have at least 1 item");
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            var entry = context.SecurityInfo[index];
            // Not ignored: what narrows an authorization must not be lost unheard.
            if (entry.ApiId is not null && profile?.AcceptsApiIdWithoutFeature != true && negotiated?.Has(SecurityFeature.SecurityInfoPerApi) != true)
                return Needs($"securityInfo[{index}].apiId", "SecurityInfoPerAPI", SecurityFeature.SecurityInfoPerApi);
            if (entry.GrantType is not null && negotiated?.Has(SecurityFeature.Rnaa) != true)
                return Needs($"securityInfo[{index}].grantType", "RNAA", SecurityFeature.Rnaa);
        }

        return null;
    }

    /// <summary>
    /// What an API invoker sent as authentication or authorization information, if it is short, plain text; null otherwise. An AEF reads it where the
    /// core function's own word stands: keys, certificates and addresses of the API invoker's making must never stand there.
    /// </summary>
    public static string? Inert(string? sent) =>
        sent is { Length: <= MostInertLength } && !sent.AsSpan().ContainsAnyExcept(InertLetters) && !sent.Contains("--", StringComparison.Ordinal) ? sent : null;

    private static Refusal Needs(string attribute, string feature, int number) => Refusal.OfAttribute(
        attribute, $"needs feature {number} {feature} in supportedFeatures", cause: "OPTIONAL_IE_INCORRECT");
}
