using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>
/// The same life without compatibility: it goes through with bodies as the standard has them, and what the profile changes is refused, or answered
/// otherwise, by name (docs/compatibility.md).
/// </summary>
[Collection(nameof(StandardCollection))]
public sealed class StandardLifeTests(StandardFixture fixture) : IAsyncLifetime
{
    private readonly ClientLife _life = fixture.NewLife();

    private CapifClient Client => fixture.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _life.DisposeAsync();

    [Fact]
    public async Task TheWholeLife_GoesThrough()
    {
        var (provider, invoker) = (await _life.ProviderAsync(aefs: 2, rsa: true), await _life.InvokerAsync(rsa: true));
        var published = (await _life.PublishAsync(provider.Apf, Service(provider))).Expect(201);
        var (destination, received) = fixture.Receiver.Open();
        var subscription = ClientBodies.Subscription(destination, "c", ["SERVICE_API_UPDATE"]);
        subscription.Remove("requestTestNotification");
        var subscribed = (await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), subscription)).Expect(201);
        var updated = (await Client.SendAsync(provider.Apf, "PUT", published.Path, Service(provider))).Expect(200);
        var notified = await received.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(JsonNode.DeepEquals(updated.Body, notified["eventDetail"]!["serviceAPIDescriptions"]![0]), notified.ToJsonString());
        (await Client.SendAsync(invoker.Party, "DELETE", subscribed.Path)).Expect(204);
        Assert.Single((await _life.DiscoverAsync(invoker, "&api-name=service_1")).Expect(200).Body["serviceAPIDescriptions"]!.AsArray());

        var scene = new SecurityScene(_life, provider, invoker, "service_1", published["apiId"]!);
        (await _life.SecureAsync(invoker, scene.Context())).Expect(201);
        (await scene.ReadAsync("?authenticationInfo=true&authorizationInfo=true")).Expect(200);
        var token = await Client.SendAsync(
            invoker.Party, "POST", $"/capif-security/v1/securities/{invoker.Party.Id}/token",
            $"grant_type=client_credentials&client_id={invoker.Party.Id}&scope={Uri.EscapeDataString($"3gpp#{provider.Aef.Id}:service_1")}", CapifClient.Form);
        Assert.Equal("Bearer", token.Expect(200)["token_type"]);
        var policies = await Client.SendAsync(
            provider.Aef, "GET", $"/access-control-policy/v1/accessControlPolicyList/{scene.ApiId}?aef-id={provider.Aef.Id}");
        Assert.Single(policies.Expect(200).Body["apiInvokerPolicies"]!.AsArray());
        var log = ClientBodies.Log(provider.Aef.Id, invoker.Party.Id, scene.ApiId, "service_1", ("v1", "200"), ("v2", "500"));
        (await Client.SendAsync(provider.Aef, "POST", $"/api-invocation-logs/v1/{provider.Aef.Id}/logs", log)).Expect(201);
        var audit = await Client.SendAsync(provider.Amf, "GET", $"/logs/v1/apiInvocationLogs?aef-id={provider.Aef.Id}&api-invoker-id={invoker.Party.Id}");
        Assert.Equal(2, audit.Expect(200).Body["logs"]!.AsArray().Count);
        (await Client.SendAsync(provider.Aef, "POST", ClientLife.Trusted(invoker.Party.Id) + "/delete", scene.Notification())).Expect(204);
        (await scene.ReadAsync()).Expect(404);
        // Offboarding, deregistration and the end of the accounts: by the life, each answered 204.
    }

    [Fact]
    public async Task AcceptsAnyPassword_No()
    {
        var answer = await Client.AdministerAsync(HttpMethod.Post, "/createUser", new JsonObject { ["username"] = "short", ["password"] = "password" });

        Named(answer, 400, "password");
    }

    [Fact]
    public async Task AcceptsAnyAddress_No()
    {
        var provider = await _life.ProviderAsync();
        foreach (var (attribute, text) in new[] { ("ipv4Addr", "string"), ("ipv4Addr", "1"), ("ipv4Addr", "::1"), ("ipv6Addr", "10.0.0.1") })
        {
            var body = Service(provider);
            body["aefProfiles"]![0]!["interfaceDescriptions"] = new JsonArray(new JsonObject { [attribute] = text });
            Named(await _life.PublishAsync(provider.Apf, body), 400, $"aefProfiles[0].interfaceDescriptions[0].{attribute}");
        }

        var right = Service(provider);
        right["aefProfiles"]![0]!["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv6Addr"] = "2001:db8::1" }, new JsonObject { ["ipv4Addr"] = "10.0.0.1" });
        (await _life.PublishAsync(provider.Apf, right)).Expect(201);
    }

    [Fact]
    public async Task NeedsSupportedFeatures_No_AllowsNewInvokerKey_No_IgnoresInvokerSecret_No()
    {
        var invoker = await _life.InvokerAsync();
        var body = (JsonObject)invoker.Body.DeepClone();
        Named(await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body), 403, "onboardingInformation.onboardingSecret");
        body["onboardingInformation"]!.AsObject().Remove("onboardingSecret");
        body.Remove("supportedFeatures");
        (await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body)).Expect(200);
        using var other = new ClientParty("invoker");
        body["onboardingInformation"]!["apiInvokerPublicKey"] = other.SigningRequest();

        Named(await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body), 403, "onboardingInformation.apiInvokerPublicKey");
    }

    [Fact]
    public async Task SecurityProperties_No()
    {
        var (provider, invoker) = (await _life.ProviderAsync(), await _life.InvokerAsync());
        var service = Service(provider);
        service["aefProfiles"]![0]!["securityMethods"] = new JsonArray("OAUTH", "PKI");
        var published = (await _life.PublishAsync(provider.Apf, service)).Expect(201);
        var scene = new SecurityScene(_life, provider, invoker, "service_1", published["apiId"]!);

        var without = scene.Context();
        without["supportedFeatures"] = "0";
        Named(await _life.SecureAsync(invoker, without), 400, "securityInfo[0].apiId");
        var context = scene.Context();
        // A second websocket of one security context is refused.
        context.Remove("websockNotifConfig");
        context["securityInfo"]![0]!["prefSecurityMethods"] = new JsonArray("PKI", "OAUTH");
        var negotiated = (await _life.SecureAsync(invoker, context)).Expect(201).Body["securityInfo"]![0]!;

        Assert.Equal("PKI", (string?)negotiated["selSecurityMethod"]);
        Assert.Null(negotiated["authorizationInfo"]);
        context["securityInfo"]![0]!["prefSecurityMethods"] = new JsonArray("OAUTH");
        (await _life.SecureAsync(invoker, context)).Expect(201);
        var read = (await scene.ReadAsync("?authorizationInfo=true")).Expect(200).Body["securityInfo"]![0]!;
        Assert.Contains("\"keys\"", (string?)read["authorizationInfo"], StringComparison.Ordinal);
        var token = await scene.TokenAsync(grantType: "not_valid");
        Assert.Equal((400, "unsupported_grant_type"), (token.Status, token["error"]));
        token = await scene.TokenAsync();
        Assert.Equal((400, "invalid_client"), (token.Status, token["error"]));
    }

    [Fact]
    public async Task Refusals_AreTheStandards()
    {
        var (provider, invoker) = (await _life.ProviderAsync(), await _life.InvokerAsync());
        (await Client.SendAsync(provider.Apf, "GET", ClientLife.Published(provider.Apf.Id) + "/not-valid")).Expect(404);
        (await Client.SendAsync(provider.Apf, "GET", ClientLife.Published("apf-example"))).Expect(404);
        (await Client.SendAsync(invoker.Party, "DELETE", ClientLife.Subscriptions(invoker.Party.Id) + "/not-valid")).Expect(404);
        (await Client.SendAsync(invoker.Party, "GET", ClientLife.Published(provider.Apf.Id))).Expect(403);
        var events = ClientBodies.Subscription("http://127.0.0.1:9/testing", "4", ["ACCESS_CONTROL_POLICY_UPDATE"]);
        Named(await Client.SendAsync(invoker.Party, "POST", ClientLife.Subscriptions(invoker.Party.Id), events), 403, "events[0]");
        var log = ClientBodies.Log("not-valid", invoker.Party.Id, "a", "b", ("v1", "200"));
        Named(await Client.SendAsync(provider.Aef, "POST", $"/api-invocation-logs/v1/{provider.Aef.Id}/logs", log), 403, "aefId");
        (await Client.SendAsync(provider.Amf, "GET", "/logs/v1/apiInvocationLogs")).Expect(404);
        // The operator is no AEF.
        (await Client.SendAsync(fixture.Superadmin, "GET", $"/access-control-policy/v1/accessControlPolicyList/a?aef-id={provider.Aef.Id}")).Expect(403);
    }

    [Fact]
    public async Task ShareableInformation_IsNotDiscovered_AndVisibilityRulesHold()
    {
        var (provider, invoker) = (await _life.ProviderAsync(), await _life.InvokerAsync());
        var published = (await _life.PublishAsync(provider.Apf, Service(provider))).Expect(201);
        var found = (await _life.DiscoverAsync(invoker)).Expect(200).Body["serviceAPIDescriptions"]![0]!;
        Assert.Null(found["shareableInfo"]);
        var rule = new JsonObject { ["default_access"] = "DENY", ["providerSelector"] = new JsonObject { ["apiId"] = new JsonArray(published["apiId"]) } };

        var made = (await Client.SendAsync(provider.Amf, "POST", "/helper/visibility-control/rules", rule)).Expect(201);

        (await _life.DiscoverAsync(invoker)).Expect(404);
        (await Client.SendAsync(provider.Amf, "DELETE", made.Path)).Expect(204);
        (await _life.DiscoverAsync(invoker)).Expect(200);
        (await Client.SendAsync(provider.Apf, "GET", made.Path)).Expect(403);
    }

    private static JsonObject Service(ClientProvider provider)
    {
        var body = ClientBodies.Service("service_1", provider.Aef.Id);
        body["aefProfiles"]![0]!["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "10.0.0.1", ["port"] = 443 });
        return body;
    }

    private static void Named(ClientAnswer answer, int status, string attribute)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        Assert.Contains(answer.Body["invalidParams"]!.AsArray(), one => (string?)one!["param"] == attribute);
    }
}
