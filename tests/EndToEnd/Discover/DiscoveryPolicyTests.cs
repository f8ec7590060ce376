using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Discover;

/// <summary>The operator's discovery policy by command (33.122 6.3.1.2, 23.222 Annex E), and what an API invoker finds then.</summary>
[Collection(nameof(CoreCollection))]
public sealed class DiscoveryPolicyTests(CoreFixture core)
{
    [Fact]
    public async Task DeniedAndAllowed_ByServiceApiCategoryAndInvoker()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var description = provider.Description();
        description["serviceAPICategory"] = "category-" + Guid.NewGuid().ToString("N");
        var published = await provider.PublishAsync(description);
        var (apiId, category, name) = (Text(published, "apiId"), Text(published, "serviceAPICategory"), Text(published, "apiName"));
        using var one = await core.OnboardAsync();
        using var other = await core.OnboardAsync();
        Assert.Equal((true, true), await FoundAsync());

        await core.CommandAsync("discovery", "deny", "--category", category);
        Assert.Equal((false, false), await FoundAsync());
        await core.CommandAsync("discovery", "allow", "--category", category, "--invoker", one.Id);
        Assert.Equal((true, false), await FoundAsync());
        await core.CommandAsync("discovery", "deny", "--api", apiId, "--invoker", one.Id);
        Assert.Equal((false, false), await FoundAsync());
        var listed = (await core.CommandAsync("discovery", "list")).Split('\n');
        Assert.Contains($$"""{"apiCategory":"{{category}}","isAllowed":false}""", listed);
        Assert.Contains($$"""{"apiId":"{{apiId}}","apiInvokerId":"{{one.Id}}","isAllowed":false}""", listed);

        await core.CommandAsync("discovery", "remove", "--api", apiId, "--invoker", one.Id);
        await core.CommandAsync("discovery", "remove", "--category", category);
        await core.CommandAsync("discovery", "remove", "--category", category, "--invoker", one.Id);
        Assert.Equal((true, true), await FoundAsync());

        async Task<(bool, bool)> FoundAsync() => (await FindsAsync(one, name, apiId), await FindsAsync(other, name, apiId));
    }

    [Theory]
    [InlineData("deny", "--api", "nothing")]
    [InlineData("deny", "--invoker", "nobody")]
    [InlineData("remove", "--category", "never set")]
    [InlineData("open", "nothing", null)]
    [InlineData("close", "nothing", null)]
    public async Task WhatIsNotThere_Fails_AndSaysWhy(string command, string first, string? second)
    {
        string[] words = second is null ? ["discovery", command, first] : ["discovery", command, first, second];
        var (exitCode, _, error) = await core.TryCommandAsync(words);
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("capif: ", error, StringComparison.Ordinal);
    }

    // By name and by identifier: what may not be found is found by neither, as if it were not there.
    private async Task<bool> FindsAsync(DemoParty invoker, string name, string apiId)
    {
        using var byName = await DiscoverAsync(invoker, $"api-name={name}");
        using var byId = await DiscoverAsync(invoker, $"api-ids={apiId}");
        Assert.Equal(byName.StatusCode, byId.StatusCode);
        Assert.True(byName.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound);
        return byName.StatusCode == HttpStatusCode.OK;
    }

    private Task<HttpResponseMessage> DiscoverAsync(DemoParty invoker, string filter) =>
        core.SendAsync(invoker, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Id}&{filter}");

    private static string Text(JsonNode node, string attribute) => node[attribute]!.GetValue<string>();
}
