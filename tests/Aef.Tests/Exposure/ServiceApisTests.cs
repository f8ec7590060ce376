using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.Exposure;

namespace CapifOrleans.Aef.Tests.Exposure;

/// <summary>Which service API, version and resource a path is of (29.222 7.5).</summary>
public sealed class ServiceApisTests
{
    private readonly ServiceApis _apis = new(
        new AefConfiguration
        {
            ServiceApis =
            [
                new ExposedApi
                {
                    ApiName = "location",
                    ApiId = "api-1",
                    Versions = ["v1", "v2"],
                    Upstream = "http://127.0.0.1:1/inner/{apiVersion}/",
                    Resources = [new ExposedResource { Name = "things", Uri = "/things" }, new ExposedResource { Name = "parts", Uri = "/things/parts/" }],
                },
                new ExposedApi { ApiName = "plain", ApiId = "api-2", Upstream = "http://127.0.0.1:1" },
            ],
        },
        TestIdentity.Create());

    [Theory]
    [InlineData("/location/v1", "api-1", "")]
    [InlineData("/location/v2/", "api-1", "/")]
    [InlineData("/location/v1/things/7", "api-1", "/things/7")]
    [InlineData("/plain/v1/x", "api-2", "/x")]
    public void KnownPath_IsItsServiceApis(string path, string apiId, string rest)
    {
        var api = _apis.Find(path, out var left);
        Assert.Equal((apiId, rest), (api?.ApiId, left));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/location")]
    [InlineData("/location/v3/things")]
    [InlineData("/location/v1x/things")]
    [InlineData("/Location/v1")]
    [InlineData("/loc%61tion/v1")]
    public void OtherPath_IsNobodys(string path) => Assert.Null(_apis.Find(path, out _));

    [Theory]
    [InlineData("/location/v1/things", "things")]
    [InlineData("/location/v1/things/7", "things")]
    [InlineData("/location/v1/things/parts", "parts")]
    [InlineData("/location/v1/things/parts/3", "parts")]
    [InlineData("/location/v1/thingsandmore", null)]
    [InlineData("/plain/v1/whatever/1", "whatever")]
    [InlineData("/plain/v1/", null)]
    public void Resource_IsTheNearestOne(string path, string? resource) => Assert.Equal(resource, _apis.Find(path, out var rest)!.ResourceOf(rest));

    [Fact]
    public void Upstream_HasTheVersionInItsPlace() => Assert.Equal("http://127.0.0.1:1/inner/v2", _apis.Find("/location/v2", out _)!.Upstream);
}
