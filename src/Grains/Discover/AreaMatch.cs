namespace CapifOrleans.Grains.Discover;

/// <summary>
/// Geographic areas (29.572 6.1.6.2.5) on a sphere: two of them meet where one holds the centre of the other. Areas as large as a country are
/// not told apart to the metre, and need not be.
/// </summary>
internal static class AreaMatch
{
    private const double EarthRadius = 6_371_000;

    // Two points are one place within that distance, in metres.
    private const double SamePlace = 10;

    /// <summary>Whether they meet.</summary>
    public static bool Meet(GeographicArea one, GeographicArea other) => Holds(one, Centre(other)) || Holds(other, Centre(one));

    /// <summary>Whether a point lies in an area.</summary>
    public static bool Holds(GeographicArea area, GeographicalCoordinates point) => area.Shape switch
    {
        SupportedGadShapes.Polygon => InPolygon(area.PointList!.Value, point),
        SupportedGadShapes.EllipsoidArc => InArc(area, point),
        SupportedGadShapes.PointUncertaintyCircle => Distance(area.Point!, point) <= Math.Max(area.Uncertainty ?? 0, SamePlace),
        _ when area.UncertaintyEllipse is { } ellipse => InEllipse(area.Point!, ellipse, point),
        _ => Distance(area.Point!, point) <= SamePlace,
    };

    private static GeographicalCoordinates Centre(GeographicArea area) => area.PointList is not { } corners
        ? area.Point!
        : new GeographicalCoordinates { Longitude = corners.Average(corner => corner.Longitude), Latitude = corners.Average(corner => corner.Latitude) };

    /// <summary>The great-circle distance in metres (haversine).</summary>
    private static double Distance(GeographicalCoordinates one, GeographicalCoordinates other)
    {
        var latitude = Math.Sin(Radians(other.Latitude - one.Latitude) / 2);
        var longitude = Math.Sin(Radians(other.Longitude - one.Longitude) / 2);
        var part = (latitude * latitude) + (Math.Cos(Radians(one.Latitude)) * Math.Cos(Radians(other.Latitude)) * longitude * longitude);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(part)));
    }

    /// <summary>The direction from one point to another, in degrees clockwise from north.</summary>
    private static double Bearing(GeographicalCoordinates from, GeographicalCoordinates to)
    {
        var longitude = Radians(to.Longitude - from.Longitude);
        var (here, there) = (Radians(from.Latitude), Radians(to.Latitude));
        var angle = Math.Atan2(
            Math.Sin(longitude) * Math.Cos(there), (Math.Cos(here) * Math.Sin(there)) - (Math.Sin(here) * Math.Cos(there) * Math.Cos(longitude)));
        return ((angle * 180 / Math.PI) + 360) % 360;
    }

    private static bool InEllipse(GeographicalCoordinates centre, UncertaintyEllipse ellipse, GeographicalCoordinates point)
    {
        var distance = Distance(centre, point);
        if (distance <= SamePlace)
            return true;
        if (ellipse.SemiMajor <= 0 || ellipse.SemiMinor <= 0)
            return false;
        var angle = Radians(Bearing(centre, point) - ellipse.OrientationMajor);
        var (major, minor) = (distance * Math.Cos(angle) / ellipse.SemiMajor, distance * Math.Sin(angle) / ellipse.SemiMinor);
        return (major * major) + (minor * minor) <= 1;
    }

    private static bool InArc(GeographicArea arc, GeographicalCoordinates point)
    {
        var distance = Distance(arc.Point!, point);
        // The innermost radius of a whole arc is its centre, where every direction is as good.
        if (distance < arc.InnerRadius || distance > arc.InnerRadius + (arc.UncertaintyRadius ?? 0))
            return false;
        var angle = (Bearing(arc.Point!, point) - (arc.OffsetAngle ?? 0) + 360) % 360;
        return distance <= SamePlace || angle <= arc.IncludedAngle;
    }

    // Whether a line from the point to the east crosses the border an odd number of times.
    private static bool InPolygon(ImmutableArray<GeographicalCoordinates> corners, GeographicalCoordinates point)
    {
        var isInside = false;
        for (int index = 0, last = corners.Length - 1; index < corners.Length; last = index++)
        {
            var (one, other) = (corners[index], corners[last]);
            if (one.Latitude > point.Latitude != other.Latitude > point.Latitude
                && point.Longitude < ((other.Longitude - one.Longitude) * (point.Latitude - one.Latitude) / (other.Latitude - one.Latitude)) + one.Longitude)
            {
                isInside = !isInside;
            }
        }

        return isInside;
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
