using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.ProviderManagement;

/// <summary>Update_API_Provider by PUT and PATCH on the wire (29.222 5.11.2.3, 8.9.4.2.5, 8.9.6). Registration and deregistration: ProviderTests.</summary>
[Collection(nameof(CoreCollection))]
public sealed class UpdateApiProviderTests(CoreFixture core)
{
    private const string MergePatch = "application/merge-patch+json";

    [Theory]
    [InlineData("1", false)]
    [InlineData("2", true)]
    [InlineData("3", true)]
    public async Task ApiProvName_IsOfRnaa_8_9_6(string features, bool isTaken)
    {
        using var provider = await ProviderScenario.RegisterAsync(core, features);
        Assert.Equal(features, provider.Registered["suppFeat"]!.GetValue<string>());
        var body = provider.Registered.DeepClone();
        body["apiProvName"] = "provider";

        var answer = await core.SendAsync(provider.Amf, HttpMethod.Put, provider.Registration, body);

        if (isTaken)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("provider", (await CoreFixture.JsonAsync(answer))["apiProvName"]!.GetValue<string>());
            answer.Dispose();
        }
        else
        {
            await CoreFixture.RefusedAsync(answer, HttpStatusCode.BadRequest, "apiProvName");
        }
    }

    [Fact]
    public async Task Patch_ChangesWhatItsDocumentHas_AndNothingElse()
    {
        using var provider = await ProviderScenario.RegisterAsync(core, "3");
        using var patched = await PatchAsync(provider, """{"apiProvDomInfo":"another"}""");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        var after = await CoreFixture.JsonAsync(patched);
        Assert.Equal("another", after["apiProvDomInfo"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(provider.Registered["apiProvFuncs"], after["apiProvFuncs"]));

        foreach (var attribute in new[] { "apiProvDomId", "regSec", "suppFeat", "apiProvName", "failReason" })
            await CoreFixture.RefusedAsync(await PatchAsync(provider, $$"""{"{{attribute}}":"0"}"""), HttpStatusCode.Forbidden, attribute);
        await CoreFixture.RefusedAsync(await PatchAsync(provider, """{"apiProvFuncs":[]}"""), HttpStatusCode.BadRequest, "apiProvFuncs");
        await CoreFixture.RefusedAsync(await PatchAsync(provider, """{"apiProvDomInfo":1}"""), HttpStatusCode.BadRequest, "apiProvDomInfo");
        await CoreFixture.RefusedAsync(
            await core.SendAsync(provider.Amf, HttpMethod.Patch, provider.Registration, """{"apiProvDomInfo":"x"}"""), HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task PatchWithoutPatchUpdate_403()
    {
        using var provider = await ProviderScenario.RegisterAsync(core, "2");
        await CoreFixture.RefusedAsync(await PatchAsync(provider, """{"apiProvDomInfo":"another"}"""), HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("apiProvDomId", "\"another\"", HttpStatusCode.Forbidden, "apiProvDomId")]
    [InlineData("suppFeat", null, HttpStatusCode.BadRequest, "suppFeat")]
    [InlineData("regSec", null, HttpStatusCode.BadRequest, "regSec")]
    [InlineData("apiProvFuncs", "[]", HttpStatusCode.BadRequest, "apiProvFuncs")]
    [InlineData("apiProvFuncs", """[{"apiProvFuncRole":"BOSS","regInfo":{"apiProvPubKey":"k"}}]""", HttpStatusCode.BadRequest, "apiProvFuncs[0].apiProvFuncRole")]
    [InlineData("apiProvFuncs", """[{"apiProvFuncRole":"AMF","regInfo":{}}]""", HttpStatusCode.BadRequest, "apiProvFuncs[0].regInfo.apiProvPubKey")]
    [InlineData("apiProvFuncs", """[{"apiProvFuncRole":"AMF","regInfo":{"apiProvPubKey":"no key"}}]""", HttpStatusCode.BadRequest, "apiProvFuncs[0].regInfo.apiProvPubKey")]
    public async Task WrongUpdate_NamesTheAttribute_AndNothingChanges(string attribute, string? value, HttpStatusCode status, string named)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var body = provider.Registered.DeepClone().AsObject();
        body.Remove(attribute);
        if (value is not null)
            body[attribute] = JsonNode.Parse(value);

        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Amf, HttpMethod.Put, provider.Registration, body), status, named);

        using var patched = await PatchAsync(provider, "{}");
        Assert.True(JsonNode.DeepEquals(provider.Registered["apiProvFuncs"], (await CoreFixture.JsonAsync(patched))["apiProvFuncs"]));
    }

    private Task<HttpResponseMessage> PatchAsync(ProviderScenario provider, string patch) =>
        core.SendAsync(provider.Amf, HttpMethod.Patch, provider.Registration, patch, mediaType: MergePatch);
}
