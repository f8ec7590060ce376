using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.AccessControl;
using CapifOrleans.EndToEnd.InvokerManagement;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>
/// Two operators as processes of their own, with authorities and data folders of their own, of which one is killed (SIGKILL) or away: what cannot be
/// delivered now is delivered when it is back, and meanwhile nothing is granted that should not be.
/// </summary>
public sealed class KilledPeerTests : IAsyncLifetime
{
    private const string Name = "shared-api";
    private readonly OperatorFixture _a = new("ccf-a", "operator-a.example", FreePort());
    private readonly OperatorFixture _b = new("ccf-b", "operator-b.example", FreePort());
    private readonly List<DemoParty> _invokers = [];

    public async Task InitializeAsync()
    {
        await Task.WhenAll(_a.InitializeAsync(), _b.InitializeAsync());
        await OperatorFixture.InterconnectAsync(_a, _b);
        var apiId = await _a.PublishAsync(_a.Api(Name, ["OAUTH"], _b.Domain));
        Assert.Null((await _a.Core.Administration.AllowPeerAsync(
            _b.CcfId, new InterconnectionPolicy { ApiId = apiId, Bounds = new ApiInvokerPolicy { ApiInvokerId = "" } }, default)).Refusal);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var invoker = await _b.OnboardAsync();
            _invokers.Add(invoker);
            await _b.DiscoveredAsync(invoker, Name, one => one is not null);
            using var negotiated = await NegotiateAsync(_b.Core.Core, invoker);
            Assert.Equal("OAUTH", (await CoreFixture.JsonAsync(negotiated))["securityInfo"]![0]!["selSecurityMethod"]?.GetValue<string>());
        }

        await _a.Core.StopAsync(default);
        await _b.Core.StopAsync(default);
    }

    public async Task DisposeAsync()
    {
        foreach (var invoker in _invokers)
            invoker.Dispose();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Offboarding_WhileThePeerIsAway_AndKilledAfterIt_ReachesThePeerWhenItIsBack()
    {
        var invoker = _invokers[0];
        using (var b = await CoreProcess.ServeAsync(_b.DataDirectory, _b.Options))
        {
            // A token cannot be had, and that is told at once; the offboarding is not held up.
            using (var token = await TokenAsync(b.Core, invoker))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, token.StatusCode);
            using (var refused = await NegotiateAsync(b.Core, _invokers[1]))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            using var gone = await SendAsync(b.Core, invoker, HttpMethod.Delete, $"/api-invoker-management/v1/onboardedInvokers/{invoker.Id}");
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        }

        // B was killed; A comes back first, and does not know yet.
        using var backA = await CoreProcess.ServeAsync(_a.DataDirectory, _a.Options);
        using (var asked = await AskAsync(backA.Core, invoker))
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        using var backB = await CoreProcess.ServeAsync(_b.DataDirectory, _b.Options);
        await backA.LineAsync($"API invoker {invoker.Id} of core function ccf-b is gone");
        using (var asked = await AskAsync(backA.Core, invoker))
            Assert.Equal(HttpStatusCode.NotFound, asked.StatusCode);
        // The other one's security context is as it was: the negotiation that nobody answered changed nothing.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var token = await TokenAsync(backB.Core, _invokers[1]);
                return token.StatusCode == HttpStatusCode.OK;
            },
            "a token through B again");
    }

    [Fact]
    public async Task Publication_WhileThePeerIsAway_ReachesItWhenItIsBack()
    {
        using var a = await CoreProcess.ServeAsync(_a.DataDirectory, _a.Options);
        using (var published = await SendAsync(a.Core, _a.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{_a.Run.Apf.Id}/service-apis", _a.Api("later", ["OAUTH"], _b.Domain)))
            Assert.Equal(HttpStatusCode.Created, published.StatusCode);
        using var b = await CoreProcess.ServeAsync(_b.DataDirectory, _b.Options);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var found = await SendAsync(b.Core, _invokers[1], HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={_invokers[1].Id}&api-name=later");
                return found.StatusCode == HttpStatusCode.OK;
            },
            "the publication");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<HttpResponseMessage> NegotiateAsync(Uri core, DemoParty invoker) => SendAsync(core, invoker, HttpMethod.Put, OperatorsFixture.Trusted(invoker), new JsonObject
    {
        ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = _a.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") }),
        ["notificationDestination"] = "https://127.0.0.1:9/revocations",
        ["supportedFeatures"] = "0",
    });

    private Task<HttpResponseMessage> AskAsync(Uri core, DemoParty invoker) =>
        SendAsync(core, _a.Run.Aef, HttpMethod.Get, $"{OperatorsFixture.Trusted(invoker)}?authorizationInfo=true&ccf-id=ccf-b");

    private async Task<HttpResponseMessage> TokenAsync(Uri core, DemoParty invoker)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(core, $"/capif-security/v1/securities/{invoker.Id}/token"));
        request.Content = new StringContent(
            $"grant_type=client_credentials&client_id={invoker.Id}&scope={Uri.EscapeDataString($"3gpp#{_a.Run.Aef.Id}:{Name}")}", Encoding.UTF8,
            "application/x-www-form-urlencoded");
        return await invoker.Client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> SendAsync(Uri core, DemoParty party, HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(core, path));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await party.Client.SendAsync(request);
    }
}
