using System.Text.Json.Nodes;
using static CapifOrleans.EndToEnd.Compatibility.EventScene;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 6: capif_api_events.</summary>
public sealed class EventTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string NotOwner = "You are not the owner of this resource";
    private const string NoSubscriber = "Certificate not found for Invoker or APF or AEF or AMF";
    private static readonly string[] Availability = ["SERVICE_API_AVAILABLE", "SERVICE_API_UNAVAILABLE", "SERVICE_API_UPDATE"];

    [Fact]
    public async Task Events1_3_Subscribes_201_AndEnds_204()
    {
        var invoker = await Life.InvokerAsync();
        var body = ClientBodies.Subscription("http://mock-server:9100/testing", "C", ["SERVICE_API_AVAILABLE", "API_INVOKER_ONBOARDED"]);

        var answer = await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), body);

        Of(answer, 201, "EventSubscription");
        Located(answer, ClientLife.Subscriptions(invoker.Party.Id));
        (await Client.SendAsync(invoker.Party, "DELETE", answer.Path)).Expect(204);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("DELETE", "/any")]
    public async Task Events2_4_UnknownSubscriber_404(string method, string rest)
    {
        var provider = await Life.ProviderAsync();
        var body = method == "POST" ? ClientBodies.Subscription("http://mock-server:9100/testing", "4", ["SERVICE_API_AVAILABLE"]) : null;

        Refused(
            await Client.SendAsync(provider.Amf, method, ClientLife.Subscriptions("not-valid") + rest, body), 404,
            "Please provide an existing Subscriber ID", NoSubscriber);
    }

    [Fact]
    public async Task Events5_UnknownSubscription_401()
    {
        var invoker = await Life.InvokerAsync();

        Refused(
            await Client.SendAsync(invoker.Party, "DELETE", ClientLife.Subscriptions(invoker.Party.Id) + "/not-valid"), 401, "User not authorized", NotOwner);
    }

    [Fact]
    public async Task Events_WithoutFeatures_400()
    {
        var invoker = await Life.InvokerAsync();
        var body = ClientBodies.Subscription("http://mock-server:9100/testing", null, ["SERVICE_API_AVAILABLE"]);

        Refused(
            await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), body), 400,
            "supportedFeatures not present in request", "supportedFeatures not present");
    }

    [Fact]
    public async Task Events_ServiceApis_WithoutEnhancedEventReport_WithoutDetail()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var scene = await SubscribeAsync(Fixture, Life, invoker.Party, "0", Availability);

        var published = (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", "aef_id"))).Expect(201);
        (await Client.SendAsync(provider.Apf, "PUT", published.Path, ClientBodies.Service("service_1_modified", "aef_id"))).Expect(200);
        (await Client.SendAsync(provider.Apf, "DELETE", published.Path)).Expect(204);

        await scene.ExactlyAsync(
            Notification("SERVICE_API_AVAILABLE"), Notification("SERVICE_API_UPDATE"), Notification("SERVICE_API_UNAVAILABLE"));
    }

    [Fact]
    public async Task Events8_ServiceApis_WithDetail()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var scene = await SubscribeAsync(Fixture, Life, invoker.Party, "4", Availability);

        var published = (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", "aef_id"))).Expect(201);
        var updated = (await Client.SendAsync(provider.Apf, "PUT", published.Path, ClientBodies.Service("service_1_modified", "aef_id"))).Expect(200);
        (await Client.SendAsync(provider.Apf, "DELETE", published.Path)).Expect(204);

        await scene.ExactlyAsync(
            Notification("SERVICE_API_AVAILABLE", ApiIds(published["apiId"]!)),
            Notification("SERVICE_API_UPDATE", Descriptions(updated.Body)),
            Notification("SERVICE_API_UNAVAILABLE", ApiIds(published["apiId"]!)));
    }

    [Fact]
    public async Task Events_ServiceApis_WithDescriptions()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var scene = await SubscribeAsync(Fixture, Life, invoker.Party, "C", Availability);

        var sent = ClientBodies.Service("service_1", "aef_id", "000");
        var published = (await Life.PublishAsync(provider.Apf, sent)).Expect(201);
        (await Client.SendAsync(provider.Apf, "DELETE", published.Path)).Expect(204);

        // As it was sent: clients compare the notification with their request.
        sent["apiId"] = published["apiId"];
        await scene.ExactlyAsync(
            Notification("SERVICE_API_AVAILABLE", Descriptions(sent, ApiIds(published["apiId"]!))),
            Notification("SERVICE_API_UNAVAILABLE", Descriptions(sent, ApiIds(published["apiId"]!))));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("4")]
    public async Task Events_Invokers_OfWhichAnAmfIsTold(string features)
    {
        var provider = await Life.ProviderAsync();
        var scene = await SubscribeAsync(Fixture, Life, provider.Amf, features, ["API_INVOKER_ONBOARDED", "API_INVOKER_OFFBOARDED"]);

        var invoker = await Life.InvokerAsync();
        (await Client.SendAsync(invoker.Party, "DELETE", invoker.Onboarded.Path)).Expect(204);
        invoker.IsGone = true;

        // The last step of an offboarding needs nobody to wait for it: its notification may come after the sentinel's.
        var notified = await scene.NotifiedAsync();
        while (notified.Count < 2)
            notified.AddRange(await scene.NotifiedAsync());
        var detail = features == "4" ? Invokers(invoker.Party.Id) : null;
        Same(new JsonArray(Notification("API_INVOKER_ONBOARDED", detail), Notification("API_INVOKER_OFFBOARDED", (JsonObject?)detail?.DeepClone())), new JsonArray([.. notified]));
    }

    [Fact]
    public async Task Events_Policies_OnePerEntry_WithTheStringsOfThePolicyList()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var second = (await Life.PublishAsync(scene.Provider.Apf, ClientBodies.Service("service_2", scene.Provider.Aef.Id))).Expect(201);
        var events = await SubscribeAsync(Fixture, Life, scene.Provider.Amf, "4", ["ACCESS_CONTROL_POLICY_UPDATE"]);
        var (one, two) = ((scene.Provider.Aef.Id, scene.ApiId), (scene.Provider.Aef.Id, second["apiId"]!));

        (await Life.SecureAsync(scene.Invoker, ClientBodies.Context(one))).Expect(201);
        (await Client.SendAsync(scene.Invoker.Party, "POST", ClientLife.Trusted(scene.Invoker.Party.Id) + "/update", ClientBodies.Context(one, two))).Expect(200);

        var (first, other) = (await PolicyAsync(scene, scene.ApiId), await PolicyAsync(scene, second["apiId"]!));
        var notified = await events.NotifiedAsync();
        Assert.Equal(3, notified.Count);
        Same(Notification("ACCESS_CONTROL_POLICY_UPDATE", first), notified[0]);
        Assert.Contains(notified.Skip(1), given => JsonNode.DeepEquals(given, Notification("ACCESS_CONTROL_POLICY_UPDATE", (JsonObject)first.DeepClone())));
        Assert.Contains(notified.Skip(1), given => JsonNode.DeepEquals(given, Notification("ACCESS_CONTROL_POLICY_UPDATE", other)));
    }

    [Fact]
    public async Task Events_DeletedSecurityContext_OneEndOfAPolicy_AndNoRevocation()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var events = await SubscribeAsync(
            Fixture, Life, scene.Provider.Amf, "4", ["ACCESS_CONTROL_POLICY_UNAVAILABLE", "API_INVOKER_AUTHORIZATION_REVOKED"]);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);

        (await Client.SendAsync(scene.Provider.Aef, "DELETE", ClientLife.Trusted(scene.Invoker.Party.Id))).Expect(204);

        await events.ExactlyAsync(Notification("ACCESS_CONTROL_POLICY_UNAVAILABLE"));
    }

    [Fact]
    public async Task Events_RevokedSecurityContext_OneEndOfAPolicy_AndOneRevocation()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var events = await SubscribeAsync(
            Fixture, Life, scene.Invoker.Party, "4", ["ACCESS_CONTROL_POLICY_UNAVAILABLE", "API_INVOKER_AUTHORIZATION_REVOKED"]);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);

        (await Client.SendAsync(scene.Provider.Aef, "POST", ClientLife.Trusted(scene.Invoker.Party.Id) + "/delete", scene.Notification())).Expect(204);

        var notified = await events.NotifiedAsync();
        Assert.Equal(2, notified.Count);
        Assert.Contains(notified, one => JsonNode.DeepEquals(one, Notification("ACCESS_CONTROL_POLICY_UNAVAILABLE")));
        Assert.Contains(notified, one => JsonNode.DeepEquals(one, Notification("API_INVOKER_AUTHORIZATION_REVOKED")));
    }

    [Fact]
    public async Task Events_Invocations_OnePerEntry_AsTheyWereLogged()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var events = await SubscribeAsync(
            Fixture, Life, scene.Invoker.Party, "4", ["SERVICE_API_INVOCATION_SUCCESS", "SERVICE_API_INVOCATION_FAILURE"]);
        var log = ClientBodies.Log(scene.Provider.Aef.Id, scene.Invoker.Party.Id, scene.ApiId, scene.ApiName, ("v1", "200"), ("v1", "299"), ("v1", "500"));

        (await Client.SendAsync(scene.Provider.Aef, "POST", $"/api-invocation-logs/v1/{scene.Provider.Aef.Id}/logs", log)).Expect(201);

        await events.ExactlyAsync(
            Invocation("SERVICE_API_INVOCATION_SUCCESS", 0), Invocation("SERVICE_API_INVOCATION_SUCCESS", 1), Invocation("SERVICE_API_INVOCATION_FAILURE", 2));

        JsonObject Invocation(string name, int entry)
        {
            var one = (JsonObject)log.DeepClone();
            one["logs"] = new JsonArray(log["logs"]![entry]!.DeepClone());
            return Notification(name, new JsonObject { ["invocationLogs"] = new JsonArray(one) });
        }
    }

    private async Task<JsonObject> PolicyAsync(SecurityScene scene, string apiId)
    {
        var list = (await Client.SendAsync(
            scene.Provider.Aef, "GET", $"/access-control-policy/v1/accessControlPolicyList/{apiId}?aef-id={scene.Provider.Aef.Id}")).Expect(200);
        return new JsonObject
        {
            ["accCtrlPolList"] = new JsonObject { ["apiId"] = apiId, ["apiInvokerPolicies"] = list.Body["apiInvokerPolicies"]!.DeepClone() },
        };
    }
}
