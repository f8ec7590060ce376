using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Interconnection;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>29.222 5.3.2.2.3, 23.222 8.25.2: service APIs reach the peers that they are shared with, and no other.</summary>
[Collection(nameof(OperatorsCollection))]
public sealed class SharingTests(OperatorsFixture operators)
{
    [Fact]
    public async Task Shared_IsDiscoveredThere_Updated_AndWithdrawn()
    {
        using var invoker = await operators.B.OnboardAsync();
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        var found = (await operators.B.DiscoveredAsync(invoker, name, one => one is not null))!;
        Assert.Equal(operators.A.CcfId, found["ccfId"]!.GetValue<string>());
        Assert.Equal(operators.A.Run.Aef.Id, found["aefProfiles"]![0]!["aefId"]!.GetValue<string>());
        Assert.Null(found["shareableInfo"]);
        // Its identifier is B's: A's own is nobody's business there.
        Assert.NotEqual(apiId, found["apiId"]!.GetValue<string>());

        var resource = $"/published-apis/v1/{operators.A.Run.Apf.Id}/service-apis/{apiId}";
        var changed = operators.A.Api(name, ["PKI"], operators.B.Domain);
        using (var updated = await operators.A.SendAsync(operators.A.Run.Apf, HttpMethod.Put, resource, changed))
            Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        var after = await operators.B.DiscoveredAsync(invoker, name, one => one?["aefProfiles"]![0]!["securityMethods"]![0]!.GetValue<string>() == "PKI");
        Assert.Equal(found["apiId"]!.GetValue<string>(), after!["apiId"]!.GetValue<string>());

        using (var withdrawn = await operators.A.SendAsync(operators.A.Run.Apf, HttpMethod.Delete, resource))
            Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        await operators.B.DiscoveredAsync(invoker, name, one => one is null);
    }

    [Fact]
    public async Task NotShared_NotWithThisDomain_OrNoLonger_IsNotThere()
    {
        using var atB = await operators.B.OnboardAsync();
        using var atC = await operators.C.OnboardAsync();
        var names = Enumerable.Range(0, 4).Select(_ => "api-" + Guid.NewGuid().ToString("N")).ToArray();
        await operators.A.PublishAsync(operators.A.Api(names[0], ["OAUTH"], sharedWith: null));
        // Without a domain nobody said that other operators may have it.
        await operators.A.PublishAsync(operators.A.Api(names[1], ["OAUTH"]));
        var unshareable = operators.A.Api(names[2], ["OAUTH"], operators.B.Domain);
        unshareable["shareableInfo"]!["isShareable"] = false;
        await operators.A.PublishAsync(unshareable);
        var apiId = await operators.A.PublishAsync(operators.A.Api(names[3], ["OAUTH"], operators.B.Domain));

        // Published last, told last.
        await operators.B.DiscoveredAsync(atB, names[3], one => one is not null);
        foreach (var name in names[..3])
            Assert.Null(await operators.B.DiscoverAsync(atB, name));
        Assert.Null(await operators.C.DiscoverAsync(atC, names[3]));

        using var answer = await operators.A.SendAsync(
            operators.A.Run.Apf, HttpMethod.Patch, $"/published-apis/v1/{operators.A.Run.Apf.Id}/service-apis/{apiId}",
            new JsonObject { ["shareableInfo"] = new JsonObject { ["isShareable"] = false } }, mediaType: "application/merge-patch+json");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        await operators.B.DiscoveredAsync(atB, names[3], one => one is null);
    }

    [Fact]
    public async Task PathWithTheReceiverInIt_IsALoop_403()
    {
        using var http = PeerHttp.As(operators.B, operators.A);
        await RefusedAsync(http, body => body["pubApiPath"] = new JsonObject { ["ccfIds"] = new JsonArray("ccf-a", "ccf-b") }, "pubApiPath");
    }

    [Fact]
    public async Task SomebodyElsesAefOrCoreFunction_403()
    {
        using var http = PeerHttp.As(operators.C, operators.B);
        using var invoker = await operators.B.OnboardAsync();
        // An AEF of A, which B knows from A; one of B's own.
        var (_, name) = await operators.ShareAsync("OAUTH");
        await operators.B.DiscoveredAsync(invoker, name, one => one is not null);
        await RefusedAsync(http, body => body["aefProfiles"]![0]!["aefId"] = operators.A.Run.Aef.Id, "aefProfiles", operators.C);
        await RefusedAsync(http, body => body["aefProfiles"]![0]!["aefId"] = operators.B.Run.Aef.Id, "aefProfiles", operators.C);
        await RefusedAsync(http, body => body["ccfId"] = operators.A.CcfId, "ccfId", operators.C);
        // Nor may B's own providers say how A's AEF is reached.
        var local = operators.B.Api("mine-" + Guid.NewGuid().ToString("N"), ["OAUTH"], sharedWith: null);
        local["aefProfiles"]![0]!["aefId"] = operators.A.Run.Aef.Id;
        await CoreFixture.RefusedAsync(
            await operators.B.SendAsync(operators.B.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{operators.B.Run.Apf.Id}/service-apis", local),
            HttpStatusCode.Forbidden, "aefProfiles[0].aefId");
    }

    [Fact]
    public async Task Show_TellsWhatThePeerHas()
    {
        using var invoker = await operators.B.OnboardAsync();
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.B.DiscoveredAsync(invoker, name, one => one is not null);
        await Eventually.HoldsAsync(
            async () => (await operators.A.Core.Administration.ShowPeerAsync("ccf-b", default)).Peer!.Shared
                .Any(one => one.ApiId == apiId && one.Status == SharingStatus.Shared && one.PeerApiId is not null),
            "the share's status");
        Assert.NotEqual(0, (await operators.B.Core.Administration.ShowPeerAsync("ccf-a", default)).Peer!.Received);
    }

    private async Task RefusedAsync(PeerHttp http, Action<JsonObject> change, string attribute, OperatorFixture? by = null)
    {
        var body = operators.C.Api("foreign-" + Guid.NewGuid().ToString("N"), ["OAUTH"], "x");
        body["aefProfiles"]![0]!["aefId"] = Guid.NewGuid().ToString("N");
        change(body);
        await CoreFixture.RefusedAsync(
            await http.SendAsync(HttpMethod.Post, $"/published-apis/v1/{(by ?? operators.B).CcfId}/service-apis", body), HttpStatusCode.Forbidden, attribute);
    }
}
