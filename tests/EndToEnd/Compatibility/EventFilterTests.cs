using System.Text.Json.Nodes;
using static CapifOrleans.EndToEnd.Compatibility.EventScene;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 6: event_filter.</summary>
public sealed class EventFilterTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    [Fact]
    public async Task EventFilter1_ServiceApis_ByApiId()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var (one, other) = (
            (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id))).Expect(201),
            (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_2", provider.Aef.Id))).Expect(201));
        var scene = await SubscribeAsync(Fixture, Life, invoker.Party, "4", ["SERVICE_API_UPDATE", "SERVICE_API_UNAVAILABLE"], ApiIds(one["apiId"]!), null);

        (await Client.SendAsync(provider.Apf, "PUT", other.Path, ClientBodies.Service("service_2", provider.Aef.Id))).Expect(200);
        (await Client.SendAsync(provider.Apf, "PUT", one.Path, ClientBodies.Service("service_1", provider.Aef.Id))).Expect(200);
        (await Client.SendAsync(provider.Apf, "DELETE", other.Path)).Expect(204);

        await scene.ExactlyAsync(
            Notification("SERVICE_API_UPDATE", Descriptions(one.Body)), Notification("SERVICE_API_UNAVAILABLE", ApiIds(other["apiId"]!)));
    }

    [Fact]
    public async Task EventFilter2_Invocations_ByAllThree_TogetherTheyMustHold()
    {
        var (scene, other) = (await SecurityScene.MakeAsync(Life), await Life.InvokerAsync());
        var filter = new JsonObject
        {
            ["apiIds"] = new JsonArray(scene.ApiId),
            ["apiInvokerIds"] = new JsonArray(scene.Invoker.Party.Id),
            ["aefIds"] = new JsonArray(scene.Provider.Aef.Id),
        };
        var events = await SubscribeAsync(Fixture, Life, scene.Provider.Amf, "4", ["SERVICE_API_INVOCATION_SUCCESS"], filter);
        var path = $"/api-invocation-logs/v1/{scene.Provider.Aef.Id}/logs";

        foreach (var invoker in new[] { other, scene.Invoker })
        {
            var log = ClientBodies.Log(scene.Provider.Aef.Id, invoker.Party.Id, scene.ApiId, scene.ApiName, ("v1", "200"));
            (await Client.SendAsync(scene.Provider.Aef, "POST", path, log)).Expect(201);
        }

        var notified = Assert.Single(await events.NotifiedAsync());
        Assert.Equal(scene.Invoker.Party.Id, (string?)notified["eventDetail"]!["invocationLogs"]![0]!["apiInvokerId"]);
    }

    [Fact]
    public async Task EventFilter5_Policies_EightInAll_AndByFilterFewer()
    {
        var (scene, other) = (await SecurityScene.MakeAsync(Life), await Life.InvokerAsync());
        var second = (await Life.PublishAsync(scene.Provider.Apf, ClientBodies.Service("service_2", scene.Provider.Aef.Id))).Expect(201);
        string[] wanted = ["ACCESS_CONTROL_POLICY_UPDATE"];
        var all = await SubscribeAsync(Fixture, Life, scene.Provider.Amf, "4", wanted, (JsonObject?)null);
        var ofApi = await SubscribeAsync(Fixture, Life, scene.Provider.Aef, "4", wanted, ApiIds(scene.ApiId));
        var ofInvoker = await SubscribeAsync(Fixture, Life, scene.Invoker.Party, "4", wanted, Invokers(other.Party.Id));
        var (one, two) = ((scene.Provider.Aef.Id, scene.ApiId), (scene.Provider.Aef.Id, second["apiId"]!));

        foreach (var invoker in new[] { scene.Invoker, other })
        {
            // Each entry of each body is told, changed or not: two, and two again.
            (await Life.SecureAsync(invoker, ClientBodies.Context(one, two))).Expect(201);
            var updated = (await Client.SendAsync(invoker.Party, "POST", ClientLife.Trusted(invoker.Party.Id) + "/update", ClientBodies.Context(one, two))).Expect(200);
            Located(updated, "/capif-security/v1/trustedInvokers", invoker.Party.Id);
        }

        Assert.Equal(8, (await all.NotifiedAsync()).Count);
        Assert.Equal(4, (await ofApi.NotifiedAsync()).Count);
        Assert.Equal(4, (await ofInvoker.NotifiedAsync()).Count);
    }

    [Fact]
    public async Task EventFilter3_4_Invokers_ByIdentifier()
    {
        var (provider, one, other) = (await Life.ProviderAsync(), await Life.InvokerAsync(), await Life.InvokerAsync());
        var scene = await SubscribeAsync(Fixture, Life, provider.Amf, "4", ["API_INVOKER_OFFBOARDED"], Invokers(one.Party.Id));

        foreach (var invoker in new[] { other, one })
        {
            (await Client.SendAsync(invoker.Party, "DELETE", invoker.Onboarded.Path)).Expect(204);
            invoker.IsGone = true;
        }

        var notified = await scene.NotifiedAsync();
        while (notified.Count < 1)
            notified.AddRange(await scene.NotifiedAsync());
        Same(Notification("API_INVOKER_OFFBOARDED", Invokers(one.Party.Id)), Assert.Single(notified));
    }

    [Theory]
    [InlineData("SERVICE_API_AVAILABLE", "aefIds", "aef_ids")]
    [InlineData("SERVICE_API_AVAILABLE", "apiInvokerIds", "api_invoker_ids")]
    [InlineData("API_INVOKER_ONBOARDED", "apiIds", "api_ids")]
    [InlineData("ACCESS_CONTROL_POLICY_UPDATE", "aefIds", "aef_ids")]
    [InlineData("ACCESS_CONTROL_POLICY_UNAVAILABLE", "apiIds", "api_ids")]
    public async Task EventFilter6_7_NotApplicable_400(string capifEvent, string attribute, string name)
    {
        var invoker = await Life.InvokerAsync();
        var body = ClientBodies.Subscription(
            "http://mock-server:9100/testing", "4", [capifEvent], new JsonArray(new JsonObject { [attribute] = new JsonArray("not-valid") }));

        var answer = await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), body);

        var problem = Refused(answer, 400, "Bad Param", $"Invalid eventFilter for event {capifEvent}");
        Same(
            new JsonArray(new JsonObject
            {
                ["param"] = "eventFilter",
                ["reason"] = $"The eventFilter {{'{name}'}} for event {capifEvent} are not applicable.",
            }),
            problem["invalidParams"]);
    }

    [Fact]
    public async Task EventFilter8_WithoutEnhancedEventReport_400()
    {
        var invoker = await Life.InvokerAsync();
        var body = ClientBodies.Subscription("http://mock-server:9100/testing", "0", ["SERVICE_API_AVAILABLE"], new JsonArray(new JsonObject()));

        var answer = await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), body);

        var problem = Refused(answer, 400, "Bad Param", "Event filters provided but EnhancedEventReport is not enabled");
        Same(
            new JsonArray(new JsonObject { ["param"] = "eventFilters", ["reason"] = "EnhancedEventReport is not enabled" }), problem["invalidParams"]);
    }
}
