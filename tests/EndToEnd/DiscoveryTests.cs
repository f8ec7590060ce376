using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>29.222 8.1.2.2.3.1 on the wire: what a discovery's parameters find, and how wrong ones are refused.</summary>
[Collection(nameof(CoreCollection))]
public sealed class DiscoveryTests(CoreFixture core)
{
    private const string Path = "/service-apis/v1/allServiceAPIs";

    [Theory]
    [InlineData("comm-type=SHOUTING", "comm-type")]
    [InlineData("protocol=GOPHER", "protocol")]
    [InlineData("data-format=CSV", "data-format")]
    [InlineData("supported-features=xyz", "supported-features")]
    [InlineData("api-name=a&api-name=b", "api-name")]
    [InlineData("api-supported-features=1", "api-supported-features")]
    [InlineData("api-ids=", "api-ids")]
    [InlineData("api-ids=a&aef-id=b", "api-ids")]
    [InlineData("api-ids=a&vend-spec-x={\"target\":\"/a\",\"value\":1}", "api-ids")]
    [InlineData("preferred-aef-loc=here", "preferred-aef-loc")]
    [InlineData("preferred-aef-loc={\"geoArea\":{\"shape\":\"POINT\"}}", "preferred-aef-loc")]
    [InlineData("ue-ip-addr={}", "ue-ip-addr")]
    [InlineData("ue-ip-addr={\"ipv4Addr\":\"10.0.0.1\",\"ipv6Addr\":\"::1\"}", "ue-ip-addr")]
    [InlineData("ue-ip-addr={\"ipv4Addr\":\"::1\"}", "ue-ip-addr")]
    [InlineData("service-kpis={\"maxReqRate\":-1}", "service-kpis")]
    [InlineData("service-kpis={\"avalMem\":\"much\"}", "service-kpis")]
    [InlineData("net-slice-info=[]", "net-slice-info")]
    [InlineData("net-slice-info=[{\"ensi\":\"a\",\"nsiId\":\"b\"}]", "net-slice-info")]
    [InlineData("grant-types=[]", "grant-types")]
    [InlineData("grant-types=[\"PASSWORD\"]", "grant-types")]
    [InlineData("grant-types=[1]", "grant-types")]
    [InlineData("grant-types=CLIENT_CREDENTIALS", "grant-types")]
    [InlineData("res-ops=[{\"resource\":\"/things\"}]", "res-ops")]
    [InlineData("api-name=a&res-ops=[{\"operations\":[\"GET\"]}]", "res-ops")]
    [InlineData("api-name=a&res-ops=[{}]", "res-ops")]
    [InlineData("api-name=a&res-ops=[]", "res-ops")]
    [InlineData("vend-spec-etsi={}", "vend-spec-etsi")]
    [InlineData("vend-spec-etsi={\"target\":\"apiName\",\"value\":1}", "vend-spec-etsi")]
    [InlineData("vend-spec-etsi={\"target\":\"/a~2\",\"value\":1}", "vend-spec-etsi")]
    [InlineData("vend-spec-etsi={\"target\":\"/a\",\"value\":\"\\ud800\"}", "vend-spec-etsi")]
    [InlineData("api-name=a&api-supported-features=1&supported-features=20", "api-supported-features")]
    [InlineData("req-api-prov-name=p&supported-features=20", "req-api-prov-name")]
    [InlineData("ue-ip-addr={\"ipv4Addr\":\"10.0.0.1\"}&supported-features=20", "ue-ip-addr")]
    [InlineData("grant-types=[\"CLIENT_CREDENTIALS\"]&supported-features=20", "grant-types")]
    [InlineData("net-slice-info=[{\"ensi\":\"a\"}]&supported-features=20", "net-slice-info")]
    [InlineData("api-name=a&res-ops=[{\"resource\":\"/r\"}]&supported-features=20", "res-ops")]
    [InlineData("api-ids=a&supported-features=1", "api-ids")]
    [InlineData("vend-spec-x={\"target\":\"/a\",\"value\":1}&supported-features=20", "vend-spec-x")]
    public async Task WrongParameter_400_NamesIt(string parameters, string name)
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await DiscoverAsync(invoker, parameters), HttpStatusCode.BadRequest, name);
    }

    [Fact]
    public async Task NoApiInvokerId_400_NamesIt()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Get, Path), HttpStatusCode.BadRequest, "api-invoker-id");
    }

    [Fact]
    public async Task NothingFound_404()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await DiscoverAsync(invoker, "api-name=nobody-published-this"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api-name={name}")]
    [InlineData("api-name={name}&aef-id={aef}&api-version=v1&comm-type=REQUEST_RESPONSE&protocol=HTTP_1_1&data-format=JSON")]
    [InlineData("api-ids=unknown,{id}")]
    [InlineData("api-ids={id}&supported-features=20")]
    [InlineData("preferred-aef-loc={\"dcId\":\"nowhere\"}")]
    [InlineData("grant-types=[\"CLIENT_CREDENTIALS\"]")]
    [InlineData("api-name={name}&vend-spec-name={\"target\":\"/apiName\",\"value\":\"{name}\"}&supported-features=3e")]
    [InlineData("not-a-parameter-of-the-standard=1")]
    public async Task RightParameters_FindTheServiceApi(string parameters)
    {
        using var invoker = await core.OnboardAsync();
        using var answer = await DiscoverAsync(
            invoker, parameters.Replace("{name}", core.Run.ApiName).Replace("{aef}", core.Run.Aef.Id).Replace("{id}", core.Run.ApiId));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var found = (await CoreFixture.JsonAsync(answer))["serviceAPIDescriptions"]!.AsArray();
        using var published = await core.SendAsync(core.Run.Apf, HttpMethod.Get, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis/{core.Run.ApiId}");
        var expected = await CoreFixture.JsonAsync(published);
        Assert.Contains(found, one => JsonNode.DeepEquals(one, expected));
    }

    [Theory]
    [InlineData("ff", "3f")]
    [InlineData("08", "08")]
    [InlineData("40", "00")]
    [InlineData("2", null)]
    [InlineData("0", null)]
    [InlineData(null, null)]
    public async Task Features_AreNegotiated_8_1_6(string? given, string? suppFeat)
    {
        using var invoker = await core.OnboardAsync();
        var name = "features-" + Guid.NewGuid().ToString("N");
        var body = new JsonObject { ["apiName"] = name, ["supportedFeatures"] = given == "2" ? "100" : "0" };
        if (given == "2")
            body["vendorSpecific-a.test"] = 1;
        using var published = await core.SendAsync(core.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis", body);
        Assert.Equal(HttpStatusCode.Created, published.StatusCode);

        using var answer = await DiscoverAsync(invoker, $"api-name={name}" + (given is null ? "" : $"&supported-features={given}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(suppFeat, (await CoreFixture.JsonAsync(answer))["suppFeat"]?.GetValue<string>());
    }

    private Task<HttpResponseMessage> DiscoverAsync(DemoParty invoker, string parameters) =>
        core.SendAsync(invoker, HttpMethod.Get, $"{Path}?api-invoker-id={invoker.Id}&{Escape(parameters)}");

    // As a client writes it: JSON in a query is percent-encoded.
    private static string Escape(string parameters) => string.Join('&', parameters.Split('&').Select(one =>
        one.Split('=', 2) is [var name, var value] ? $"{name}={Uri.EscapeDataString(value)}" : one));
}
