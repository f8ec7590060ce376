using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>29.222 5.11 and 5.3 on the wire: registration, publishing, deregistration.</summary>
[Collection(nameof(CoreCollection))]
public sealed class ProviderTests(CoreFixture core)
{
    private const string Registrations = "/api-provider-management/v1/registrations";

    [Theory]
    [InlineData("regSec", "regSec")]
    [InlineData("suppFeat", "suppFeat")]
    [InlineData("apiProvFuncs", "apiProvFuncs")]
    public async Task RegistrationWithoutAttribute_400_NamesIt(string removed, string attribute)
    {
        using var amf = new DemoParty("amf", core.Target.Root);
        var body = Registration(amf);
        body.Remove(removed);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Registrations, body, core.Bearer()), HttpStatusCode.BadRequest, attribute);
    }

    [Fact]
    public async Task SameRegistrationAgain_403_NamesTheKey()
    {
        using var amf = new DemoParty("amf", core.Target.Root);
        await RegisterAsync(amf);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Registrations, Registration(amf), core.Bearer()),
            HttpStatusCode.Forbidden, "apiProvFuncs[0].regInfo.apiProvPubKey");
    }

    [Fact]
    public async Task Update_200_WithCertificates()
    {
        using var amf = new DemoParty("amf", core.Target.Root);
        var registered = await RegisterAsync(amf);
        var body = registered.DeepClone();
        body["apiProvDomInfo"] = "another text";

        using var answer = await core.SendAsync(amf, HttpMethod.Put, $"{Registrations}/{registered["apiProvDomId"]}", body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(JsonNode.DeepEquals(body, await CoreFixture.JsonAsync(answer)));
    }

    [Fact]
    public async Task UpdateThatPrefersNoBody_204_AndIsDone()
    {
        using var amf = new DemoParty("amf", core.Target.Root);
        var registered = await RegisterAsync(amf);
        var body = registered.DeepClone();
        body["apiProvDomInfo"] = "a third text";
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(core.Target.Core, $"{Registrations}/{registered["apiProvDomId"]}"))
        {
            Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Prefer", "respond-async, return=minimal" } },
        };

        using var answer = await amf.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["return=minimal"], answer.Headers.GetValues("Preference-Applied"));
        using var again = await core.SendAsync(amf, HttpMethod.Put, $"{Registrations}/{registered["apiProvDomId"]}", body);
        Assert.True(JsonNode.DeepEquals(body, await CoreFixture.JsonAsync(again)));
    }

    [Fact]
    public async Task Deregistration_IsAnswered_AndThenRefused()
    {
        // The answer goes out on a connection that the deregistration itself closes: once is luck.
        for (var round = 0; round < 10; round++)
        {
            using var amf = new DemoParty("amf", core.Target.Root);
            var path = $"{Registrations}/{(await RegisterAsync(amf))["apiProvDomId"]}";
            using var answer = await core.SendAsync(amf, HttpMethod.Delete, path);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            await CoreFixture.RefusedAsync(await core.SendAsync(amf, HttpMethod.Delete, path), HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task PublishedServiceApi_IsListedChangedAndGone()
    {
        var collection = $"/published-apis/v1/{core.Run.Apf.Id}/service-apis";
        var description = new JsonObject { ["apiName"] = "listed-" + Guid.NewGuid().ToString("N"), ["supportedFeatures"] = "002" };
        using var created = await core.SendAsync(core.Run.Apf, HttpMethod.Post, collection, description);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var published = await CoreFixture.JsonAsync(created);
        var path = $"{collection}/{published["apiId"]}";
        Assert.Equal(new Uri(core.Target.Core, path), created.Headers.Location);
        Assert.Equal("002", published["supportedFeatures"]!.GetValue<string>());

        using var listed = await core.SendAsync(core.Run.Apf, HttpMethod.Get, collection);
        Assert.Contains((await CoreFixture.JsonAsync(listed)).AsArray(), one => JsonNode.DeepEquals(one, published));
        using var patched = await core.SendAsync(
            core.Run.Apf, HttpMethod.Patch, path, new JsonObject { ["description"] = "patched" }, mediaType: "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("patched", (await CoreFixture.JsonAsync(patched))["description"]!.GetValue<string>());
        using var gone = await core.SendAsync(core.Run.Apf, HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Apf, HttpMethod.Get, path), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"supportedFeatures":"0"}""", "apiName")]
    [InlineData("""{"apiName":"a"}""", "supportedFeatures")]
    [InlineData("""{"apiName":"a","supportedFeatures":"0","aefProfiles":[]}""", "aefProfiles")]
    [InlineData("""{"apiName":"a","supportedFeatures":"0","aefProfiles":[{"aefId":"x","domainName":"d","versions":[{}]}]}""", "aefProfiles[0].versions[0].apiVersion")]
    [InlineData("""{"apiName":"a","supportedFeatures":"0","aefProfiles":[{"aefId":"x","versions":[{"apiVersion":"v1"}]}]}""", "aefProfiles[0]")]
    [InlineData("""{"apiName":"a","supportedFeatures":"0","apiStatus":{"aefIds":[]}}""", "apiStatus")]
    public async Task WrongDescription_400_NamesTheAttribute(string body, string attribute) => await CoreFixture.RefusedAsync(
        await core.SendAsync(core.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis", body), HttpStatusCode.BadRequest, attribute);

    private static JsonObject Registration(DemoParty amf) => new()
    {
        ["regSec"] = "anything",
        ["suppFeat"] = "1",
        ["apiProvFuncs"] = new JsonArray(new JsonObject
        {
            ["apiProvFuncRole"] = "AMF",
            ["regInfo"] = new JsonObject { ["apiProvPubKey"] = amf.SigningRequest() },
        }),
    };

    private async Task<JsonNode> RegisterAsync(DemoParty amf)
    {
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Registrations, Registration(amf), core.Bearer());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var registered = await CoreFixture.JsonAsync(answer);
        Assert.Equal(new Uri(core.Target.Core, $"{Registrations}/{registered["apiProvDomId"]}"), answer.Headers.Location);
        var function = registered["apiProvFuncs"]![0]!;
        amf.Accept(function["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
        return registered;
    }
}
