using System.Globalization;
using System.Text.Json;
using CapifOrleans.Discover;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// vend-spec-… (29.122 5.2.13.3): what a JSON pointer (RFC 6901) leads to in the representation of a service API is compared with a value.
/// </summary>
internal static class VendorSpecificMatch
{
    /// <summary>Whether the representation has each of these.</summary>
    public static bool HasAll(JsonElement representation, ImmutableArray<VendorSpecificFilter> wanted)
    {
        foreach (var filter in wanted)
        {
            using var value = JsonDocument.Parse(filter.Value.Text);
            if (Find(representation, filter.Target) is not { } found || !IsSame(found, value.RootElement))
                return false;
        }

        return true;
    }

    private static JsonElement? Find(JsonElement element, ImmutableArray<string> target)
    {
        foreach (var token in target)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(token, out var member))
                element = member;
            else if (element.ValueKind == JsonValueKind.Array && Index(token) is { } index && index < element.GetArrayLength())
                element = element[index];
            else
                return null;
        }

        return element;
    }

    // RFC 6901 4: digits without leading zeros.
    private static int? Index(string token) =>
        (token == "0" || !token.StartsWith('0')) && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    // The value is encoded as the attribute; the clause's own example puts a number into quotation marks.
    private static bool IsSame(JsonElement found, JsonElement wanted) => JsonElement.DeepEquals(found, wanted)
        || (found.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            && wanted.ValueKind == JsonValueKind.String && wanted.GetString() == found.GetRawText());
}
