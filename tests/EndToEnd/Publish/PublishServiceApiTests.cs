using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Publish;

/// <summary>Publish_Service_API on the wire (29.222 5.3.2.2): by feature, by input, twice. Roles and strangers: AuthorizationTests.</summary>
[Collection(nameof(CoreCollection))]
public sealed class PublishServiceApiTests(CoreFixture core)
{
    // All that features 7, 8 and 10 bring.
    private const string Kpis = """{"maxReqRate":100,"maxRestime":2,"availability":99,"avalComp":"1.5 TFLOPS","avalGraComp":"2 GFLOPS","avalMem":"16 GB","avalStor":"1 TB","conBand":1000}""";
    private const string Ranges = """{"ueIpv4AddrRanges":[{"start":"10.0.0.0","end":"10.255.255.255"}],"ueIpv6AddrRanges":[{"start":"2001:db8::","end":"2001:db8::ffff"}]}""";

    [Theory]
    [InlineData("40", "serviceKpis", Kpis)]
    [InlineData("80", "ueIpRange", Ranges)]
    [InlineData("80", "grantTypes", """["AUTHORIZATION_CODE"]""")]
    [InlineData("80", "interfaceDescriptions", """[{"fqdn":"a.test","grantTypes":["CLIENT_CREDENTIALS"]}]""")]
    public async Task ProfilesAttribute_IsOfItsFeature_8_2_6(string feature, string attribute, string value)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);

        var published = await provider.PublishAsync(provider.Description(features: feature, profile: profile => profile[attribute] = JsonNode.Parse(value)));

        Assert.Equal(feature, published["supportedFeatures"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), published["aefProfiles"]![0]![attribute]));
        var path = attribute == "interfaceDescriptions" ? "aefProfiles[0].interfaceDescriptions[0].grantTypes" : $"aefProfiles[0].{attribute}";
        var without = provider.Description(features: "33f", profile: profile => profile[attribute] = JsonNode.Parse(value));
        without["supportedFeatures"] = feature == "40" ? "2bf" : "27f";
        await RefusedAsync(provider, without, path);
    }

    [Theory]
    [InlineData("80", "apiProvName", "\"provider\"")]
    [InlineData("200", "netSliceInfo", """[{"snssai":{"sst":1,"sd":"00ab01"}},{"ensi":"east"}]""")]
    public async Task Attribute_IsOfItsFeature_8_2_6(string feature, string attribute, string value)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description(features: feature);
        description[attribute] = JsonNode.Parse(value);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), (await provider.PublishAsync(description))[attribute]));

        description["apiName"] = "another";
        description["supportedFeatures"] = "0";
        await RefusedAsync(provider, description, attribute);
    }

    [Theory]
    [InlineData("grantTypes", """["AUTHORIZATION_CODE"]""", "PKI", "aefProfiles[0].grantTypes")]
    [InlineData("interfaceDescriptions", """[{"fqdn":"a.test","securityMethods":["PSK"],"grantTypes":["AUTHORIZATION_CODE"]}]""", "OAUTH", "aefProfiles[0].interfaceDescriptions[0].grantTypes")]
    [InlineData("ueIpRange", "{}", "OAUTH", "aefProfiles[0].ueIpRange")]
    [InlineData("ueIpRange", """{"ueIpv4AddrRanges":[]}""", "OAUTH", "aefProfiles[0].ueIpRange.ueIpv4AddrRanges")]
    [InlineData("ueIpRange", """{"ueIpv4AddrRanges":[{"start":"10.0.0.2","end":"10.0.0.1"}]}""", "OAUTH", "aefProfiles[0].ueIpRange.ueIpv4AddrRanges[0]")]
    [InlineData("ueIpRange", """{"ueIpv4AddrRanges":[{"start":"256.0.0.2","end":"10.0.0.1"}]}""", "OAUTH", "aefProfiles[0].ueIpRange.ueIpv4AddrRanges[0].start")]
    [InlineData("ueIpRange", """{"ueIpv6AddrRanges":[{"start":"::1","end":"10.0.0.1"}]}""", "OAUTH", "aefProfiles[0].ueIpRange.ueIpv6AddrRanges[0]")]
    [InlineData("serviceKpis", """{"avalMem":"much"}""", "OAUTH", "aefProfiles[0].serviceKpis.avalMem")]
    [InlineData("serviceKpis", """{"maxReqRate":-1}""", "OAUTH", "aefProfiles[0].serviceKpis.maxReqRate")]
    [InlineData("versions", "[]", "OAUTH", "aefProfiles[0].versions")]
    [InlineData("protocol", "\"GOPHER\"", "OAUTH", "aefProfiles[0].protocol")]
    [InlineData("aefId", "\"\"", "OAUTH", "aefProfiles[0].aefId")]
    public async Task WrongAttribute_400_NamesIt(string attribute, string value, string method, string path)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        await RefusedAsync(
            provider,
            provider.Description(features: "c0", profile: profile =>
            {
                profile["securityMethods"] = new JsonArray(method);
                profile[attribute] = JsonNode.Parse(value);
            }),
            path);
        using var all = await core.SendAsync(provider.Apf, HttpMethod.Get, provider.Published);
        Assert.Empty((await CoreFixture.JsonAsync(all)).AsArray());
    }

    [Fact]
    public async Task Published_201_WithLocation_AndTwice_403()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description();
        using var created = await core.SendAsync(provider.Apf, HttpMethod.Post, provider.Published, description);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var apiId = (await CoreFixture.JsonAsync(created))["apiId"]!.GetValue<string>();
        Assert.Equal(new Uri(core.Target.Core, $"{provider.Published}/{apiId}"), created.Headers.Location);

        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Post, provider.Published, description), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task IdentifierGivenByTheClient_400_AndAnotherDomainsAef_403()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description();
        description["apiId"] = "mine";
        await RefusedAsync(provider, description, "apiId");
        await CoreFixture.RefusedAsync(
            await core.SendAsync(
                provider.Apf, HttpMethod.Post, provider.Published, provider.Description(profile: profile => profile["aefId"] = core.Run.Aef.Id)),
            HttpStatusCode.Forbidden, "aefProfiles[0].aefId");
    }

    private async Task RefusedAsync(ProviderScenario provider, JsonObject description, string attribute) => await CoreFixture.RefusedAsync(
        await core.SendAsync(provider.Apf, HttpMethod.Post, provider.Published, description.DeepClone()), HttpStatusCode.BadRequest, attribute);
}
