using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>preferred-aef-loc (29.222 8.2.4.2.10): whether an AEF is where it is wanted. What its location does not tell is not there.</summary>
internal static class LocationMatch
{
    /// <summary>
    /// Whether it is: in the same data centre, at a civic address with each of the elements that are given, and in an area of which one holds the
    /// other's centre; each as far as it is asked for.
    /// </summary>
    public static bool IsAt(AefLocation? location, AefLocation wanted) => location is not null
        && (wanted.DcId is null || wanted.DcId == location.DcId)
        && (wanted.CivicAddr is null || HasElements(location.CivicAddr, wanted.CivicAddr))
        && (wanted.GeoArea is null || (location.GeoArea is { } area && AreaMatch.Meet(area, wanted.GeoArea)));

    private static bool HasElements(CivicAddress? address, CivicAddress wanted) => address is not null
        && WireType.Of(typeof(CivicAddress)).Attributes.All(element =>
            element.TextOf(wanted) is not { } text || string.Equals(text, element.TextOf(address), StringComparison.OrdinalIgnoreCase));
}
