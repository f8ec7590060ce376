using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Commands;

namespace CapifOrleans.EndToEnd.Routing;

/// <summary>Topology hiding by command and Obtain_Routing_Info on the wire (29.222 5.12, 8.10; 23.222 8.24, 8.27).</summary>
[Collection(nameof(CoreCollection))]
public sealed class RoutingInfoTests(CoreFixture core)
{
    private const string Path = "/capif-routing-info/v1/service-apis/";

    [Fact]
    public async Task HiddenAef_IsFoundAsTheHidingOne_WhichIsToldWhereItIs()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        using var gateway = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync();
        var apiId = published["apiId"]!.GetValue<string>();
        using var invoker = await core.OnboardAsync();
        await core.CommandAsync(
            "hiding", "set", "--aef", provider.Aef.Id, "--by", gateway.Aef.Id, "--interface", "gateway.example.net:8443/apis", "--security-method", "oauth",
            "--source", "10.0.0.0/8", "--source", "192.0.2.1-192.0.2.9", "--source", "2001:db8::/126", "--source", "198.51.100.7");

        using var discovered = await core.SendAsync(
            invoker, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Id}&api-name={published["apiName"]}");
        var shown = (await CoreFixture.JsonAsync(discovered))["serviceAPIDescriptions"]![0]!["aefProfiles"]![0]!;
        Assert.Equal(gateway.Aef.Id, shown["aefId"]!.GetValue<string>());
        Assert.Equal("""[{"fqdn":"gateway.example.net","port":8443,"apiPrefix":"/apis"}]""", shown["interfaceDescriptions"]!.ToJsonString());

        using var answer = await core.SendAsync(gateway.Aef, HttpMethod.Get, $"{Path}{apiId}?aef-id={gateway.Aef.Id}&supp-feat=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var rule = Assert.Single((await CoreFixture.JsonAsync(answer))["routingRules"]!.AsArray())!;
        Assert.Equal(
            """[{"start":"10.0.0.0","end":"10.255.255.255"},{"start":"192.0.2.1","end":"192.0.2.9"},{"start":"198.51.100.7","end":"198.51.100.7"}]""",
            rule["ipv4AddrRanges"]!.ToJsonString());
        Assert.Equal("""[{"start":"2001:db8::","end":"2001:db8::3"}]""", rule["ipv6AddrRanges"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(published["aefProfiles"]![0], rule["aefProfile"]));

        Assert.Contains($"\"aefId\":\"{provider.Aef.Id}\",\"hidingAefId\":\"{gateway.Aef.Id}\"", await core.CommandAsync("hiding", "list"), StringComparison.Ordinal);
        await core.CommandAsync("hiding", "remove", "--aef", provider.Aef.Id);
        await CoreFixture.RefusedAsync(await core.SendAsync(gateway.Aef, HttpMethod.Get, $"{Path}{apiId}?aef-id={gateway.Aef.Id}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SecurityContextAndToken_AreWithTheHidingAef()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        using var gateway = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync(provider.Description(profile: profile => profile["securityMethods"] = new JsonArray("PKI")));
        using var invoker = await core.OnboardAsync();
        await core.CommandAsync("hiding", "set", "--api", published["apiId"]!.GetValue<string>(), "--by", gateway.Aef.Id, "--domain-name", "gateway.example.net", "--security-method", "OAUTH");
        var trusted = $"/capif-security/v1/trustedInvokers/{invoker.Id}";

        using var negotiated = await core.SendAsync(invoker, HttpMethod.Put, trusted, Context(gateway.Aef.Id));
        Assert.Equal(HttpStatusCode.Created, negotiated.StatusCode);
        // The hidden AEF offers PKI; the hiding one does not.
        Assert.Equal("OAUTH", (await CoreFixture.JsonAsync(negotiated))["securityInfo"]![0]!["selSecurityMethod"]!.GetValue<string>());
        var form = $"grant_type=client_credentials&client_id={invoker.Id}&scope={Uri.EscapeDataString($"3gpp#{gateway.Aef.Id}:{published["apiName"]}")}";
        using var token = await core.SendAsync(
            invoker, HttpMethod.Post, $"/capif-security/v1/securities/{invoker.Id}/token", form, null, "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        using var asked = await core.SendAsync(gateway.Aef, HttpMethod.Get, trusted + "?authorizationInfo=true");
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.NotNull((await CoreFixture.JsonAsync(asked))["securityInfo"]![0]!["authorizationInfo"]);
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Aef, HttpMethod.Get, trusted), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(invoker, HttpMethod.Put, trusted, Context(provider.Aef.Id)), HttpStatusCode.BadRequest, "securityInfo[0].aefId");
        await core.CommandAsync("hiding", "remove", "--api", published["apiId"]!.GetValue<string>());

        static JsonObject Context(string aefId) => new()
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = aefId, ["prefSecurityMethods"] = new JsonArray("PKI", "OAUTH") }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
        };
    }

    [Theory]
    [InlineData("", "aef-id")]
    [InlineData("?aef-id={aef}&supp-feat=xyz", "supp-feat")]
    public async Task WrongParameter_400_NamesIt_8_10_2_2_3_1(string query, string name) => await CoreFixture.RefusedAsync(
        await core.SendAsync(core.Run.Aef, HttpMethod.Get, Path + core.Run.ApiId + query.Replace("{aef}", core.Run.Aef.Id, StringComparison.Ordinal)),
        HttpStatusCode.BadRequest, name);

    [Fact]
    public async Task UnknownServiceApi_OneThatIsNotHidden_AndAnotherAefsIdentifier_404()
    {
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{Path}nothing?aef-id={core.Run.Aef.Id}"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{Path}{core.Run.ApiId}?aef-id={core.Run.Aef.Id}"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{Path}{core.Run.ApiId}?aef-id={core.Run.Amf.Id}"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("--interface", "gateway.example.net:https")]
    [InlineData("--interface", "user@gateway.example.net")]
    [InlineData("--source", "here")]
    [InlineData("--source", "10.0.0.9-10.0.0.1")]
    [InlineData("--source", "10.0.0.1-::1")]
    [InlineData("--security-method", "PASSWORD")]
    [InlineData("--by", "nobody")]
    public async Task WrongRule_Fails_AndSaysWhy(string option, string value)
    {
        var options = new Dictionary<string, string> { ["--aef"] = "hidden", ["--by"] = core.Run.Aef.Id, ["--interface"] = "gw.example.net", ["--security-method"] = "PKI" };
        options[option] = value;

        var (exitCode, _, error) = await core.TryCommandAsync(["hiding", "set", .. options.SelectMany(one => new[] { one.Key, one.Value })]);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("capif: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", await core.CommandAsync("hiding", "list"), StringComparison.Ordinal);
    }
}
