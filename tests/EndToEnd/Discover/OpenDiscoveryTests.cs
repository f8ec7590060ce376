using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Discover;

/// <summary>Open_Discover_Service_API on the wire (29.222 5.13, 8.11): by credential, by state, by every parameter.</summary>
[Collection(nameof(CoreCollection))]
public sealed class OpenDiscoveryTests(CoreFixture core)
{
    private const string Path = "/open-api-disc/v1/service-apis";

    [Fact]
    public async Task WithoutCredential_AndWithAWrongOne_401()
    {
        using var none = await core.SendAsync(core.Run.Nobody, HttpMethod.Get, Path);
        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.ToString());
        await CoreFixture.RefusedAsync(none, HttpStatusCode.Unauthorized);
        using var invoker = await core.OnboardAsync();
        // A client certificate is no credential here.
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Get, Path), HttpStatusCode.Unauthorized);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Get, Path, null, new AuthenticationHeaderValue("Bearer", "a.b.c")), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task OnlyWhatTheOperatorOpened_AndNoAddressNorSecurityMethod_23222_AnnexE()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description(features: "40", profile: profile => profile["serviceKpis"] = new JsonObject { ["maxReqRate"] = 5 });
        description["description"] = "open to all";
        description["shareableInfo"] = new JsonObject { ["isShareable"] = true };
        var published = await provider.PublishAsync(description);
        var (apiId, name) = (published["apiId"]!.GetValue<string>(), published["apiName"]!.GetValue<string>());
        Assert.Empty(await FindAsync($"api-names={name}"));

        await core.CommandAsync("discovery", "open", apiId);

        var found = Assert.Single(await FindAsync($"api-names={name}"))!;
        var expected = JsonNode.Parse($$"""
            {"apiName":"{{name}}","apiId":"{{apiId}}","description":"open to all","aefProfiles":[
              {"aefId":"{{provider.Aef.Id}}","versions":[{"apiVersion":"v1"}],"protocol":"HTTP_2","dataFormat":"JSON","serviceKpis":{"maxReqRate":5} }]}
            """);
        Assert.True(JsonNode.DeepEquals(expected, found), found.ToJsonString());
        await core.CommandAsync("discovery", "close", apiId);
        Assert.Empty(await FindAsync($"api-names={name}"));
    }

    [Fact]
    public async Task UnpublishedServiceApi_IsShownNoLonger()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync();
        await core.CommandAsync("discovery", "open", published["apiId"]!.GetValue<string>());
        Assert.Single(await FindAsync($"api-ids={published["apiId"]}"));
        using var gone = await core.SendAsync(provider.Apf, HttpMethod.Delete, $"{provider.Published}/{published["apiId"]}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Empty(await FindAsync($"api-ids={published["apiId"]}"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("api-names=other,{name}", true)]
    [InlineData("api-names=other", false)]
    [InlineData("api-ids={id}", true)]
    [InlineData("api-ids=other", false)]
    [InlineData("api-versions={\"{name}\":[\"v3\",\"v1\"]}", true)]
    [InlineData("api-versions={\"{name}\":[\"v3\"]}", false)]
    [InlineData("api-versions={\"another\":[\"v3\"]}", true)]
    [InlineData("api-names={name}&{name}=v3,v1", true)]
    [InlineData("api-names={name}&{name}=v3", false)]
    [InlineData("comm-type=REQUEST_RESPONSE", true)]
    [InlineData("comm-type=SUBSCRIBE_NOTIFY", false)]
    [InlineData("protocols=HTTP_1_1,HTTP_2", true)]
    [InlineData("protocols=HTTP_1_1,MQTT", false)]
    [InlineData("data-format=JSON", true)]
    [InlineData("data-format=XML", false)]
    [InlineData("api-cats=x,c", true)]
    [InlineData("api-cats=x", false)]
    [InlineData("api-prov-names=p", true)]
    [InlineData("api-prov-names=q", false)]
    [InlineData("api-names={name}&api-supported-features={\"{name}\":\"1\"}", true)]
    [InlineData("api-names={name}&api-supported-features={\"{name}\":\"2\"}", false)]
    [InlineData("api-names={name}&{name}=2", false)]
    [InlineData("service-kpis={\"maxReqRate\":10}", true)]
    [InlineData("service-kpis={\"maxReqRate\":11}", false)]
    [InlineData("maxReqRate=10&avalMem=1 GB", true)]
    [InlineData("maxReqRate=10&avalMem=3 GB", false)]
    [InlineData("api-names={name}&res-ops=[{\"resource\":\"/things\",\"operations\":[\"GET\"]}]", true)]
    [InlineData("api-names={name}&res-ops={\"resource\":\"/things\"},{\"resource\":\"/others\"}", false)]
    [InlineData("preferred-aef-loc={\"dcId\":\"nowhere\"}", true)]
    [InlineData("vend-spec-x={\"target\":\"/apiName\",\"value\":\"{name}\"}", true)]
    [InlineData("vend-spec-x={\"target\":\"/aefProfiles/0/securityMethods/0\",\"value\":\"OAUTH\"}", false)]
    [InlineData("unknown=1", true)]
    public async Task EveryParameter_8_11_2_2_3_1(string parameters, bool isFound)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description(features: "c1", profile: profile =>
        {
            profile["serviceKpis"] = new JsonObject { ["maxReqRate"] = 10, ["avalMem"] = "2 GB" };
            profile["versions"]![0]!["resources"] = new JsonArray(new JsonObject
            {
                ["resourceName"] = "things",
                ["commType"] = "REQUEST_RESPONSE",
                ["uri"] = "/things",
                ["operations"] = new JsonArray("GET"),
            });
        });
        description["serviceAPICategory"] = "c";
        description["apiProvName"] = "p";
        description["apiSuppFeats"] = "5";
        var published = await provider.PublishAsync(description);
        var (apiId, name) = (published["apiId"]!.GetValue<string>(), published["apiName"]!.GetValue<string>());
        await core.CommandAsync("discovery", "open", apiId);

        var found = await FindAsync(parameters.Replace("{name}", name, StringComparison.Ordinal).Replace("{id}", apiId, StringComparison.Ordinal));

        Assert.Equal(isFound, found.Any(one => one!["apiId"]!.GetValue<string>() == apiId));
        await core.CommandAsync("discovery", "close", apiId);
    }

    [Theory]
    [InlineData("api-names=", "api-names")]
    [InlineData("api-names=a&api-names=b", "api-names")]
    [InlineData("api-versions=v1", "api-versions")]
    [InlineData("api-versions={}", "api-versions")]
    [InlineData("api-versions={\"a\":[]}", "api-versions")]
    [InlineData("api-versions={\"a\":[1]}", "api-versions")]
    [InlineData("api-versions={\"a\":[\"\\ud800\"]}", "api-versions")]
    [InlineData("comm-type=SHOUTING", "comm-type")]
    [InlineData("protocols=GOPHER", "protocols")]
    [InlineData("data-format=CSV", "data-format")]
    [InlineData("api-cats=", "api-cats")]
    [InlineData("api-prov-names=", "api-prov-names")]
    [InlineData("api-ids=", "api-ids")]
    [InlineData("preferred-aef-loc=[]", "preferred-aef-loc")]
    [InlineData("api-supported-features={\"a\":\"1\"}", "api-supported-features")]
    [InlineData("api-names=a&api-supported-features={\"a\":\"xyz\"}", "api-supported-features")]
    [InlineData("api-names=a&api-supported-features={\"b\":\"1\"}", "api-supported-features")]
    [InlineData("api-names=a&a=latest", "a")]
    [InlineData("service-kpis={\"conBand\":-1}", "service-kpis")]
    [InlineData("maxReqRate=much", "maxReqRate")]
    [InlineData("res-ops=[{\"resource\":\"/a\"}]", "res-ops")]
    [InlineData("api-names=a&res-ops=[{}]", "res-ops")]
    [InlineData("supported-features=xyz", "supported-features")]
    [InlineData("vend-spec-x=1", "vend-spec-x")]
    public async Task WrongParameter_400_NamesIt(string parameters, string name) => await CoreFixture.RefusedAsync(
        await core.SendAsync(core.Run.Nobody, HttpMethod.Get, $"{Path}?{Escape(parameters)}", null, core.Bearer()), HttpStatusCode.BadRequest, name);

    [Theory]
    [InlineData("", null)]
    [InlineData("supported-features=f", "0")]
    public async Task NoFeatures_AreNegotiated_8_11_7(string parameters, string? suppFeat)
    {
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Get, $"{Path}?api-names=nothing&{parameters}", null, core.Bearer());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(suppFeat, (await CoreFixture.JsonAsync(answer))["suppFeat"]?.GetValue<string>());
    }

    private async Task<JsonArray> FindAsync(string parameters)
    {
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Get, $"{Path}?{Escape(parameters)}", null, core.Bearer());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!["discApis"]!.AsArray();
    }

    private static string Escape(string parameters) => string.Join('&', parameters.Split('&').Select(one =>
        one.Split('=', 2) is [var name, var value] ? $"{name}={Uri.EscapeDataString(value)}" : one));
}
