namespace CapifOrleans;

/// <summary>
/// A geographic area by one of the shapes of TS 29.572 6.1.6.2.5: <see cref="Shape"/> says which of the other attributes must be there.
/// </summary>
[GenerateSerializer, Immutable, Alias("CAPIF.GeographicArea")]
[Variant("shape", "POINT", "point")]
[Variant("shape", "POINT_UNCERTAINTY_CIRCLE", "point", "uncertainty")]
[Variant("shape", "POINT_UNCERTAINTY_ELLIPSE", "point", "uncertaintyEllipse", "confidence")]
[Variant("shape", "POLYGON", "pointList")]
[Variant("shape", "POINT_ALTITUDE", "point", "altitude")]
[Variant("shape", "POINT_ALTITUDE_UNCERTAINTY", "point", "altitude", "uncertaintyEllipse", "uncertaintyAltitude", "confidence", "vConfidence?")]
[Variant("shape", "ELLIPSOID_ARC", "point", "innerRadius", "uncertaintyRadius", "offsetAngle", "includedAngle", "confidence")]
public sealed record GeographicArea
{
    /// <summary>The shape (discriminator).</summary>
    [Id(0), JsonPropertyName("shape")]
    public required SupportedGadShapes Shape { get; init; }

    /// <summary>The point, or the centre.</summary>
    [Id(1), JsonPropertyName("point")]
    public GeographicalCoordinates? Point { get; init; }

    /// <summary>Radius of uncertainty, in metres.</summary>
    [Id(2), JsonPropertyName("uncertainty"), Bounds(0, long.MaxValue)]
    public double? Uncertainty { get; init; }

    /// <summary>Ellipse of uncertainty.</summary>
    [Id(3), JsonPropertyName("uncertaintyEllipse")]
    public UncertaintyEllipse? UncertaintyEllipse { get; init; }

    /// <summary>Confidence, in per cent.</summary>
    [Id(4), JsonPropertyName("confidence"), Bounds(0, 100)]
    public int? Confidence { get; init; }

    /// <summary>The corners of a polygon.</summary>
    [Id(5), JsonPropertyName("pointList"), MinItems(3), MaxItems(15)]
    public ImmutableArray<GeographicalCoordinates>? PointList { get; init; }

    /// <summary>Altitude, in metres.</summary>
    [Id(6), JsonPropertyName("altitude"), Bounds(-32767, 32767)]
    public double? Altitude { get; init; }

    /// <summary>Uncertainty of the altitude, in metres.</summary>
    [Id(7), JsonPropertyName("uncertaintyAltitude"), Bounds(0, long.MaxValue)]
    public double? UncertaintyAltitude { get; init; }

    /// <summary>Confidence of the altitude, in per cent.</summary>
    [Id(8), JsonPropertyName("vConfidence"), Bounds(0, 100)]
    public int? VerticalConfidence { get; init; }

    /// <summary>Inner radius of an arc, in metres.</summary>
    [Id(9), JsonPropertyName("innerRadius"), Bounds(0, 327675)]
    public int? InnerRadius { get; init; }

    /// <summary>Uncertainty of the radius, in metres.</summary>
    [Id(10), JsonPropertyName("uncertaintyRadius"), Bounds(0, long.MaxValue)]
    public double? UncertaintyRadius { get; init; }

    /// <summary>Where an arc begins, in degrees clockwise from north.</summary>
    [Id(11), JsonPropertyName("offsetAngle"), Bounds(0, 360)]
    public int? OffsetAngle { get; init; }

    /// <summary>How wide an arc is, in degrees.</summary>
    [Id(12), JsonPropertyName("includedAngle"), Bounds(0, 360)]
    public int? IncludedAngle { get; init; }
}

/// <summary>Geographical coordinates, WGS 84 (TS 29.572 6.1.6.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.GeographicalCoordinates")]
public sealed record GeographicalCoordinates
{
    /// <summary>Longitude, in degrees.</summary>
    [Id(0), JsonPropertyName("lon"), Bounds(-180, 180)]
    public required double Longitude { get; init; }

    /// <summary>Latitude, in degrees.</summary>
    [Id(1), JsonPropertyName("lat"), Bounds(-90, 90)]
    public required double Latitude { get; init; }
}

/// <summary>An ellipse of uncertainty (TS 29.572 6.1.6.2.12).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.UncertaintyEllipse")]
public sealed record UncertaintyEllipse
{
    /// <summary>Semi-major axis, in metres.</summary>
    [Id(0), JsonPropertyName("semiMajor"), Bounds(0, long.MaxValue)]
    public required double SemiMajor { get; init; }

    /// <summary>Semi-minor axis, in metres.</summary>
    [Id(1), JsonPropertyName("semiMinor"), Bounds(0, long.MaxValue)]
    public required double SemiMinor { get; init; }

    /// <summary>Orientation of the major axis, in degrees clockwise from north.</summary>
    [Id(2), JsonPropertyName("orientationMajor"), Bounds(0, 180)]
    public required int OrientationMajor { get; init; }
}
