using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Publish;

/// <summary>Update_Service_API by PATCH on the wire (29.222 5.3.2.5, 8.2.4.2.11; RFC 7396).</summary>
[Collection(nameof(CoreCollection))]
public sealed class PatchServiceApiTests(CoreFixture core)
{
    private const string MergePatch = "application/merge-patch+json";

    [Fact]
    public async Task Patch_ChangesRemovesAndReplacesArraysWhole()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description(features: "2");
        description["description"] = "text";
        description["serviceAPICategory"] = "category";
        var published = await provider.PublishAsync(description);
        var profiles = published["aefProfiles"]!.DeepClone().AsArray();
        profiles[0]!["versions"]![0]!["apiVersion"] = "v2";

        using var answer = await PatchAsync(
            provider, published, new JsonObject { ["description"] = "other", ["serviceAPICategory"] = null, ["aefProfiles"] = profiles.DeepClone() });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var patched = await CoreFixture.JsonAsync(answer);
        Assert.Equal("other", patched["description"]!.GetValue<string>());
        Assert.Null(patched["serviceAPICategory"]);
        Assert.True(JsonNode.DeepEquals(profiles, patched["aefProfiles"]));
    }

    [Theory]
    [InlineData("apiName", "\"other\"")]
    [InlineData("apiId", "\"other\"")]
    [InlineData("supportedFeatures", "\"0\"")]
    [InlineData("apiProvName", "\"other\"")]
    [InlineData("netSliceInfo", """[{"ensi":"a"}]""")]
    public async Task WhatThePatchDocumentDoesNotHave_403_NamesIt(string attribute, string value)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync(provider.Description(features: "282"));
        await CoreFixture.RefusedAsync(
            await PatchAsync(provider, published, new JsonObject { [attribute] = JsonNode.Parse(value) }), HttpStatusCode.Forbidden, attribute);
        await UnchangedAsync(provider, published);
    }

    [Theory]
    [InlineData("""{"aefProfiles":[]}""", "aefProfiles")]
    [InlineData("""{"aefProfiles":[{"aefId":"a","versions":[],"domainName":"d"}]}""", "aefProfiles[0].versions")]
    [InlineData("""{"aefProfiles":[{"aefId":"a","versions":[{"apiVersion":"v1"}],"domainName":"d","serviceKpis":{}}]}""", "aefProfiles[0].serviceKpis")]
    [InlineData("""{"description":1}""", "description")]
    [InlineData("""{"apiStatus":{"aefIds":[]}}""", "apiStatus")]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    public async Task WrongPatch_400_AndNothingChanges(string patch, string? attribute)
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync(provider.Description(features: "2"));
        await CoreFixture.RefusedAsync(await PatchAsync(provider, published, patch), HttpStatusCode.BadRequest, attribute);
        await UnchangedAsync(provider, published);
    }

    [Fact]
    public async Task WithoutPatchUpdate_403_AndWrongMediaType_415_AndUnknown_404()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync();
        await CoreFixture.RefusedAsync(await PatchAsync(provider, published, """{"description":"x"}"""), HttpStatusCode.Forbidden);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(provider.Apf, HttpMethod.Patch, $"{provider.Published}/{published["apiId"]}", """{"description":"x"}"""),
            HttpStatusCode.UnsupportedMediaType);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(provider.Apf, HttpMethod.Patch, provider.Published + "/nothing", """{"description":"x"}""", mediaType: MergePatch),
            HttpStatusCode.NotFound);
        await UnchangedAsync(provider, published);
    }

    private Task<HttpResponseMessage> PatchAsync(ProviderScenario provider, JsonNode published, object patch) =>
        core.SendAsync(provider.Apf, HttpMethod.Patch, $"{provider.Published}/{published["apiId"]}", patch, mediaType: MergePatch);

    private async Task UnchangedAsync(ProviderScenario provider, JsonNode published)
    {
        using var read = await core.SendAsync(provider.Apf, HttpMethod.Get, $"{provider.Published}/{published["apiId"]}");
        Assert.True(JsonNode.DeepEquals(published, await CoreFixture.JsonAsync(read)));
    }
}
