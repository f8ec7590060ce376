namespace CapifOrleans;

/// <summary>Shapes of geographic areas (TS 29.572 6.1.6.3.4). A <see cref="GeographicArea"/> has one of the first seven.</summary>
[GenerateSerializer, Alias("CAPIF.SupportedGADShapes"), JsonConverter(typeof(JsonStringEnumConverter<SupportedGadShapes>))]
public enum SupportedGadShapes
{
    /// <summary>POINT.</summary>
    [JsonStringEnumMemberName("POINT")]
    Point,

    /// <summary>POINT_UNCERTAINTY_CIRCLE.</summary>
    [JsonStringEnumMemberName("POINT_UNCERTAINTY_CIRCLE")]
    PointUncertaintyCircle,

    /// <summary>POINT_UNCERTAINTY_ELLIPSE.</summary>
    [JsonStringEnumMemberName("POINT_UNCERTAINTY_ELLIPSE")]
    PointUncertaintyEllipse,

    /// <summary>POLYGON.</summary>
    [JsonStringEnumMemberName("POLYGON")]
    Polygon,

    /// <summary>POINT_ALTITUDE.</summary>
    [JsonStringEnumMemberName("POINT_ALTITUDE")]
    PointAltitude,

    /// <summary>POINT_ALTITUDE_UNCERTAINTY.</summary>
    [JsonStringEnumMemberName("POINT_ALTITUDE_UNCERTAINTY")]
    PointAltitudeUncertainty,

    /// <summary>ELLIPSOID_ARC.</summary>
    [JsonStringEnumMemberName("ELLIPSOID_ARC")]
    EllipsoidArc,

    /// <summary>LOCAL_2D_POINT_UNCERTAINTY_ELLIPSE.</summary>
    [JsonStringEnumMemberName("LOCAL_2D_POINT_UNCERTAINTY_ELLIPSE")]
    Local2dPointUncertaintyEllipse,

    /// <summary>LOCAL_3D_POINT_UNCERTAINTY_ELLIPSOID.</summary>
    [JsonStringEnumMemberName("LOCAL_3D_POINT_UNCERTAINTY_ELLIPSOID")]
    Local3dPointUncertaintyEllipsoid,

    /// <summary>DISTANCE_DIRECTION.</summary>
    [JsonStringEnumMemberName("DISTANCE_DIRECTION")]
    DistanceDirection,

    /// <summary>RELATIVE_2D_LOCATION_UNCERTAINTY_ELLIPSE.</summary>
    [JsonStringEnumMemberName("RELATIVE_2D_LOCATION_UNCERTAINTY_ELLIPSE")]
    Relative2dLocationUncertaintyEllipse,

    /// <summary>RELATIVE_3D_LOCATION_UNCERTAINTY_ELLIPSOID.</summary>
    [JsonStringEnumMemberName("RELATIVE_3D_LOCATION_UNCERTAINTY_ELLIPSOID")]
    Relative3dLocationUncertaintyEllipsoid,
}
