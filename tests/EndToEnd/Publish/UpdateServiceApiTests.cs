using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Publish;

/// <summary>Update_Service_API by PUT on the wire (29.222 5.3.2.5): what it replaces, what it may not, and what is not there.</summary>
[Collection(nameof(CoreCollection))]
public sealed class UpdateServiceApiTests(CoreFixture core)
{
    [Fact]
    public async Task Put_ReplacesTheWhole_AndTwiceIsTheSame()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description(features: "200");
        description["description"] = "text";
        description["netSliceInfo"] = new JsonArray(new JsonObject { ["ensi"] = "east" });
        var path = $"{provider.Published}/{(await provider.PublishAsync(description))["apiId"]}";
        var replacement = provider.Description("renamed-" + Guid.NewGuid().ToString("N"));

        for (var round = 0; round < 2; round++)
        {
            using var answer = await core.SendAsync(provider.Apf, HttpMethod.Put, path, replacement.DeepClone());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var updated = await CoreFixture.JsonAsync(answer);
            Assert.Equal(replacement["apiName"]!.GetValue<string>(), updated["apiName"]!.GetValue<string>());
            Assert.Null(updated["description"]);
            Assert.Null(updated["netSliceInfo"]);
            using var read = await core.SendAsync(provider.Apf, HttpMethod.Get, path);
            Assert.True(JsonNode.DeepEquals(updated, await CoreFixture.JsonAsync(read)));
        }
    }

    [Fact]
    public async Task UpdateWithoutFeatures_KeepsThose_AndHoldsToThem()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var path = $"{provider.Published}/{(await provider.PublishAsync(provider.Description(features: "200")))["apiId"]}";
        var body = provider.Description();
        body.Remove("supportedFeatures");
        body["netSliceInfo"] = new JsonArray(new JsonObject { ["ensi"] = "east" });
        using var sliced = await core.SendAsync(provider.Apf, HttpMethod.Put, path, body.DeepClone());
        Assert.Equal("200", (await CoreFixture.JsonAsync(sliced))["supportedFeatures"]!.GetValue<string>());

        body["apiProvName"] = "provider";
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Put, path, body.DeepClone()), HttpStatusCode.BadRequest, "apiProvName");
        using var read = await core.SendAsync(provider.Apf, HttpMethod.Get, path);
        Assert.Null((await CoreFixture.JsonAsync(read))["apiProvName"]);
    }

    [Fact]
    public async Task OtherIdentifier_403_NamesIt()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var path = $"{provider.Published}/{(await provider.PublishAsync())["apiId"]}";
        var body = provider.Description();
        body["apiId"] = "another";
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Put, path, body), HttpStatusCode.Forbidden, "apiId");
    }

    [Fact]
    public async Task UnknownAndGone_404()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(provider.Apf, HttpMethod.Put, provider.Published + "/nothing", provider.Description()), HttpStatusCode.NotFound);
        var path = $"{provider.Published}/{(await provider.PublishAsync())["apiId"]}";
        using var gone = await core.SendAsync(provider.Apf, HttpMethod.Delete, path);
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Put, path, provider.Description()), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task WrongMediaType_415()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var path = $"{provider.Published}/{(await provider.PublishAsync())["apiId"]}";
        await CoreFixture.RefusedAsync(
            await core.SendAsync(provider.Apf, HttpMethod.Put, path, provider.Description(), mediaType: "application/merge-patch+json"),
            HttpStatusCode.UnsupportedMediaType);
    }
}
