using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.8: helper (api_1, visibility_control), and that rules really change what is discovered.</summary>
public sealed class HelperTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Rules = "/helper/visibility-control/rules";

    [Fact]
    public async Task Helper_Api1_CcfId()
    {
        var first = (await Client.SendAsync(Fixture.Superadmin, "GET", "/helper/api/getCcfId")).Expect(200);

        Assert.Matches("^CCF[a-zA-Z0-9]+$", first["ccf_id"]);
        Assert.Equal(first["ccf_id"], (await Client.SendAsync(Fixture.Superadmin, "GET", "/helper/api/getCcfId"))["ccf_id"]);
    }

    [Fact]
    public async Task VisibilityControl1_2_3_Create_List_Get_Patch_Delete()
    {
        Assert.Equal(0, await CountAsync(Fixture.Superadmin));
        var made = (await Client.SendAsync(Fixture.Superadmin, "POST", Rules, Rule("ALLOW"))).Expect(201);
        Located(made, Rules, made["ruleId"]);
        Assert.Equal(1, await CountAsync(Fixture.Superadmin));
        Same(made.Body, (await Client.SendAsync(Fixture.Superadmin, "GET", made.Path)).Expect(200).Body);

        var patched = (await Client.SendAsync(
            Fixture.Superadmin, "PATCH", made.Path, """{"default_access":"DENY","enabled":false}""", CapifClient.MergePatch)).Expect(200);

        Assert.Equal(("DENY", false), ((string?)patched.Body["default_access"], (bool)patched.Body["enabled"]!));
        (await Client.SendAsync(Fixture.Superadmin, "DELETE", made.Path)).Expect(204);
        Refused(await Client.SendAsync(Fixture.Superadmin, "GET", made.Path), 404, null, "Visibility rule not found");
        Refused(await Client.SendAsync(Fixture.Superadmin, "DELETE", made.Path), 404, null, "Visibility rule not found");
        Assert.Equal(0, await CountAsync(Fixture.Superadmin));
    }

    [Theory]
    [InlineData("""{"startsAt":"2026-01-23T12:00:00Z","endsAt":"2025-01-23T08:00:00Z"}""", "endsAt")]
    [InlineData("""{"startsAt":"2026-01-23T12:00:00Z","endsAt":"2026-01-23T12:00:00Z"}""", "endsAt")]
    [InlineData("""{"default_access":"MAYBE"}""", "default_access")]
    [InlineData("""{"default_access":null}""", "default_access")]
    [InlineData("""{"providerSelector":{"userName":null}}""", "providerSelector")]
    public async Task VisibilityControl_WrongRule_400_NamesIt(string change, string attribute)
    {
        var body = (JsonObject)CapifOrleans.Json.MergePatch.Apply(Rule("ALLOW"), JsonNode.Parse(change))!;

        var problem = Refused(await Client.SendAsync(Fixture.Superadmin, "POST", Rules, body), 400, null, null);

        Assert.Contains(problem["invalidParams"]!.AsArray(), one => (string?)one!["param"] == attribute);
    }

    [Fact]
    public async Task VisibilityControl4_6_AnAmf_SeesItsOwnOnly()
    {
        var (provider, other) = (await Life.ProviderAsync(), await Life.ProviderAsync());
        var made = (await Client.SendAsync(provider.Amf, "POST", Rules, Rule("ALLOW"))).Expect(201);

        Assert.Equal(1, await CountAsync(provider.Amf));
        Assert.Equal(0, await CountAsync(other.Amf));
        Refused(await Client.SendAsync(other.Amf, "GET", made.Path), 404, null, null);
        Refused(await Client.SendAsync(other.Amf, "DELETE", made.Path), 404, null, null);
        (await Client.SendAsync(provider.Amf, "DELETE", made.Path)).Expect(204);
    }

    [Fact]
    public async Task VisibilityControl7_OtherRoles_401()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());

        foreach (var party in new[] { provider.Apf, provider.Aef, invoker.Party })
            Refused(await Client.SendAsync(party, "GET", Rules), 401, null, null);
    }

    [Fact]
    public async Task VisibilityControl_ARuleChangesWhatIsDiscovered()
    {
        var (provider, hidden, excepted) = (await Life.ProviderAsync(), await Life.InvokerAsync(), await Life.InvokerAsync());
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("hidden_1", provider.Aef.Id))).Expect(201);
        var rule = Rule("DENY");
        rule["providerSelector"] = new JsonObject { ["userName"] = provider.User.Name };
        rule["invokerExceptions"] = new JsonObject { ["apiInvokerId"] = new JsonArray(excepted.Party.Id) };

        var made = (await Client.SendAsync(provider.Amf, "POST", Rules, rule)).Expect(201);

        Assert.Equal(404, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        Assert.Equal(200, (await Life.DiscoverAsync(excepted, "&api-name=hidden_1")).Status);
        await PatchAsync("""{"default_access":"ALLOW"}""");
        Assert.Equal(200, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        Assert.Equal(404, (await Life.DiscoverAsync(excepted, "&api-name=hidden_1")).Status);
        await PatchAsync("""{"default_access":"DENY","endsAt":"2021-01-01T00:00:00Z"}""");
        Assert.Equal(200, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        await PatchAsync("""{"endsAt":null,"enabled":false}""");
        Assert.Equal(200, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        await PatchAsync("""{"enabled":true,"providerSelector":{"apiName":["another"]}}""");
        Assert.Equal(200, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        await PatchAsync("""{"providerSelector":{"apiName":["another","hidden_1"]}}""");
        Assert.Equal(404, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);
        (await Client.SendAsync(provider.Amf, "DELETE", made.Path)).Expect(204);
        Assert.Equal(200, (await Life.DiscoverAsync(hidden, "&api-name=hidden_1")).Status);

        async Task PatchAsync(string patch) => (await Client.SendAsync(provider.Amf, "PATCH", made.Path, patch, CapifClient.MergePatch)).Expect(200);
    }

    [Fact]
    public async Task VisibilityControl_AnAmfsRule_IsAboutItsOwnDomainOnly()
    {
        var (provider, other, invoker) = (await Life.ProviderAsync(), await Life.ProviderAsync(), await Life.InvokerAsync());
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("mine", provider.Aef.Id))).Expect(201);
        var rule = Rule("DENY");
        rule["providerSelector"] = new JsonObject { ["apiName"] = new JsonArray("mine") };

        var foreign = (await Client.SendAsync(other.Amf, "POST", Rules, rule)).Expect(201);

        Assert.Equal(200, (await Life.DiscoverAsync(invoker, "&api-name=mine")).Status);
        var operators = (await Client.SendAsync(Fixture.Superadmin, "POST", Rules, rule)).Expect(201);
        Assert.Equal(404, (await Life.DiscoverAsync(invoker, "&api-name=mine")).Status);
        (await Client.SendAsync(Fixture.Superadmin, "DELETE", operators.Path)).Expect(204);
        (await Client.SendAsync(Fixture.Superadmin, "DELETE", foreign.Path)).Expect(204);
    }

    private static JsonObject Rule(string access) => new()
    {
        ["default_access"] = access,
        ["enabled"] = true,
        ["providerSelector"] = new JsonObject { ["userName"] = "NOBODY_AT_ALL" },
        ["invokerExceptions"] = new JsonObject { ["apiInvokerId"] = new JsonArray("nobody") },
    };

    private async Task<int> CountAsync(ClientParty party) => (await Client.SendAsync(party, "GET", Rules)).Expect(200).Body["rules"]!.AsArray().Count;
}
