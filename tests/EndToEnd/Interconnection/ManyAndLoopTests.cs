using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Interconnection;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>Three core functions of one provider, each a peer of the others (CAPIF-6), and 1,000 service APIs of one of them.</summary>
public sealed class ManyAndLoopTests : IAsyncLifetime
{
    private const string Domain = "operator.example";
    private readonly OperatorFixture _a = new("ccf-1", Domain);
    private readonly OperatorFixture _b = new("ccf-2", Domain);
    private readonly OperatorFixture _c = new("ccf-3", Domain);

    public async Task InitializeAsync()
    {
        await Task.WhenAll(_a.InitializeAsync(), _b.InitializeAsync(), _c.InitializeAsync());
        await OperatorFixture.InterconnectAsync(_a, _b);
        await OperatorFixture.InterconnectAsync(_b, _c);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _c.DisposeAsync();
    }

    [Fact]
    public async Task LoopOfThree_EachHasOneCopy_AndTheWithdrawalReachesAll()
    {
        using var atB = await _b.OnboardAsync();
        using var atC = await _c.OnboardAsync();
        var apiId = await _a.PublishAsync(_a.Api("ring", ["OAUTH"]));
        // Through B while C does not know A.
        await _b.DiscoveredAsync(atB, "ring", one => one is not null);
        var throughB = (await _c.DiscoveredAsync(atC, "ring", one => one is not null))!;
        Assert.Equal("ccf-1", throughB["ccfId"]!.GetValue<string>());
        Assert.Equal(["ccf-1", "ccf-2", "ccf-3"], throughB["pubApiPath"]!["ccfIds"]!.AsArray().Select(one => one!.GetValue<string>()));
        // An AEF of whom C knows no way to its core function: told so.
        using (var refused = await _c.SendAsync(atC, HttpMethod.Put, OperatorsFixture.Trusted(atC), new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = _a.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
            ["supportedFeatures"] = "0",
        }))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        // The ring is closed: nobody gets its own back, and nobody a second one.
        await OperatorFixture.InterconnectAsync(_a, _c);
        var second = await _a.PublishAsync(_a.Api("ring-2", ["OAUTH"]));
        await _c.DiscoveredAsync(atC, "ring-2", one => one is not null);
        await Eventually.HoldsAsync(
            async () => (await _b.Core.Administration.ShowPeerAsync("ccf-3", default)).Peer!.Shared.Any(one => one.Status == SharingStatus.Refused),
            "C refuses from B what A publishes there itself");
        Assert.Equal(0, (await _a.Core.Administration.ShowPeerAsync("ccf-2", default)).Peer!.Received);
        Assert.Equal(0, (await _a.Core.Administration.ShowPeerAsync("ccf-3", default)).Peer!.Received);

        foreach (var one in new[] { apiId, second })
        {
            using var gone = await _a.SendAsync(_a.Run.Apf, HttpMethod.Delete, $"/published-apis/v1/{_a.Run.Apf.Id}/service-apis/{one}");
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        }

        foreach (var name in new[] { "ring", "ring-2" })
        {
            await _b.DiscoveredAsync(atB, name, one => one is null);
            await _c.DiscoveredAsync(atC, name, one => one is null);
        }
    }

    [Fact]
    public async Task RemovedPeer_TakesItsServiceApisAlong_AndIsRefused()
    {
        using var atB = await _b.OnboardAsync();
        await _a.PublishAsync(_a.Api("leaving", ["OAUTH"]));
        await _b.DiscoveredAsync(atB, "leaving", one => one is not null);
        using var http = PeerHttp.As(_a, _b);
        Assert.Null((await _b.Core.Administration.RemovePeerAsync("ccf-1", default)).Refusal);
        await CoreFixture.RefusedAsync(await http.SendAsync(HttpMethod.Get, "/published-apis/v1/ccf-1/service-apis"), HttpStatusCode.Unauthorized);
        await _b.DiscoveredAsync(atB, "leaving", one => one is null);
        Assert.Null((await _b.Core.Administration.ShowPeerAsync("ccf-1", default)).Peer);
        // And back again: what is shared comes again.
        await Eventually.HoldsAsync(async () => (await _b.Core.Administration.SetPeerAsync(_a.Description, default)).Refusal is null, "its removal ends");
        await _b.DiscoveredAsync(atB, "leaving", one => one is not null);
    }

    [Fact]
    public async Task Thousand_AreShared()
    {
        const int Many = 998;
        foreach (var some in Enumerable.Range(0, Many).Chunk(32))
            await Task.WhenAll(some.Select(number => _a.PublishAsync(_a.Api($"many-{number}", ["OAUTH"]))));
        await Eventually.HoldsAsync(
            async () => (await _b.Core.Administration.ShowPeerAsync("ccf-1", default)).Peer!.Received >= Many, "1,000 service APIs");
        using var atB = await _b.OnboardAsync();
        Assert.NotNull(await _b.DiscoverAsync(atB, $"many-{Many - 1}"));
    }
}
