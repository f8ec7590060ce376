using CapifOrleans.Grains.Discover;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Discover;

/// <summary>preferred-aef-loc: when an AEF is where it is wanted (29.222 8.2.4.2.10, shapes of 29.572).</summary>
public sealed class LocationMatchTests
{
    private const string Vienna = """{"lon":16.37,"lat":48.21}""";

    [Theory]
    [InlineData("""{"dcId":"dc1"}""", """{"dcId":"dc1"}""", true)]
    [InlineData("""{"dcId":"dc1"}""", """{"dcId":"dc2"}""", false)]
    [InlineData("{}", """{"dcId":"dc2"}""", false)]
    [InlineData("""{"civicAddr":{"country":"AT","A3":"Vienna","HNO":"7"}}""", """{"civicAddr":{"country":"at","A3":"VIENNA"}}""", true)]
    [InlineData("""{"civicAddr":{"country":"AT","A3":"Vienna"}}""", """{"civicAddr":{"A3":"Vienna","HNO":"7"}}""", false)]
    [InlineData("""{"civicAddr":{"country":"AT"},"dcId":"dc1"}""", """{"civicAddr":{"country":"AT"},"dcId":"dc2"}""", false)]
    [InlineData("""{"dcId":"dc1"}""", """{"civicAddr":{"country":"AT"}}""", false)]
    [InlineData("""{"dcId":"dc1"}""", """{"geoArea":{"shape":"POINT","point":{"lon":16.37,"lat":48.21}}}""", false)]
    public void Each_part_that_is_asked_for_is_there(string location, string wanted, bool isAt) =>
        Assert.Equal(isAt, LocationMatch.IsAt(Read<AefLocation>(location), Read<AefLocation>(wanted)));

    [Fact]
    public void An_AEF_without_location_is_nowhere() => Assert.False(LocationMatch.IsAt(null, new AefLocation { DcId = "dc1" }));

    [Theory]
    [InlineData("""{"shape":"POINT","point":{"lon":16.37,"lat":48.21}}""", true)]
    [InlineData("""{"shape":"POINT","point":{"lon":16.38,"lat":48.21}}""", false)]
    // 0.01 degrees of longitude there are some 740 m.
    [InlineData("""{"shape":"POINT_UNCERTAINTY_CIRCLE","point":{"lon":16.38,"lat":48.21},"uncertainty":750}""", true)]
    [InlineData("""{"shape":"POINT_UNCERTAINTY_CIRCLE","point":{"lon":16.38,"lat":48.21},"uncertainty":700}""", false)]
    // East of it: within the long axis, not within the short one.
    [InlineData("""{"shape":"POINT_UNCERTAINTY_ELLIPSE","point":{"lon":16.38,"lat":48.21},"uncertaintyEllipse":{"semiMajor":800,"semiMinor":100,"orientationMajor":90},"confidence":90}""", true)]
    [InlineData("""{"shape":"POINT_UNCERTAINTY_ELLIPSE","point":{"lon":16.38,"lat":48.21},"uncertaintyEllipse":{"semiMajor":800,"semiMinor":100,"orientationMajor":0},"confidence":90}""", false)]
    [InlineData("""{"shape":"POLYGON","pointList":[{"lon":16.3,"lat":48.1},{"lon":16.5,"lat":48.1},{"lon":16.5,"lat":48.3},{"lon":16.3,"lat":48.3}]}""", true)]
    [InlineData("""{"shape":"POLYGON","pointList":[{"lon":16.4,"lat":48.1},{"lon":16.5,"lat":48.1},{"lon":16.5,"lat":48.3}]}""", false)]
    [InlineData("""{"shape":"POINT_ALTITUDE","point":{"lon":16.37,"lat":48.21},"altitude":200}""", true)]
    [InlineData("""{"shape":"POINT_ALTITUDE_UNCERTAINTY","point":{"lon":16.38,"lat":48.21},"altitude":200,"uncertaintyEllipse":{"semiMajor":800,"semiMinor":800,"orientationMajor":0},"uncertaintyAltitude":1,"confidence":90}""", true)]
    // It lies west of the arc's centre: 270 degrees.
    [InlineData("""{"shape":"ELLIPSOID_ARC","point":{"lon":16.38,"lat":48.21},"innerRadius":700,"uncertaintyRadius":100,"offsetAngle":260,"includedAngle":20,"confidence":90}""", true)]
    [InlineData("""{"shape":"ELLIPSOID_ARC","point":{"lon":16.38,"lat":48.21},"innerRadius":700,"uncertaintyRadius":100,"offsetAngle":80,"includedAngle":20,"confidence":90}""", false)]
    [InlineData("""{"shape":"ELLIPSOID_ARC","point":{"lon":16.38,"lat":48.21},"innerRadius":800,"uncertaintyRadius":100,"offsetAngle":260,"includedAngle":20,"confidence":90}""", false)]
    public void Areas_meet_where_one_holds_the_others_centre(string area, bool meet)
    {
        var point = Read<GeographicArea>($$"""{"shape":"POINT","point":{{Vienna}}}""");

        Assert.Equal(meet, AreaMatch.Meet(point, Read<GeographicArea>(area)));
        Assert.Equal(meet, AreaMatch.Meet(Read<GeographicArea>(area), point));
    }

    private static T Read<T>(string json)
        where T : class
    {
        Assert.True(WireValidator.TryRead<T>(System.Text.Encoding.UTF8.GetBytes(json), out var value, out var refusal), refusal?.Detail);
        return value;
    }
}
