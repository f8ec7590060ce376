using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>29.222 8.5.4.2: what ServiceSecurity and SecurityNotification may not be; each is named and changes nothing.</summary>
[Collection(nameof(CoreCollection))]
public sealed class ServiceSecurityInputTests(CoreFixture core)
{
    private readonly SecurityScenario _scenario = new(core);

    [Theory]
    [InlineData("securityInfo", null, "securityInfo")]
    [InlineData("securityInfo", "[]", "securityInfo")]
    [InlineData("securityInfo", "{}", "securityInfo")]
    [InlineData("securityInfo", "[{\"aefId\":\"a\"}]", "securityInfo[0].prefSecurityMethods")]
    [InlineData("securityInfo", "[{\"aefId\":\"a\",\"prefSecurityMethods\":[]}]", "securityInfo[0].prefSecurityMethods")]
    [InlineData("securityInfo", "[{\"aefId\":\"a\",\"prefSecurityMethods\":[\"TLS\"]}]", "securityInfo[0].prefSecurityMethods[0]")]
    [InlineData("securityInfo", "[{\"aefId\":1,\"prefSecurityMethods\":[\"PKI\"]}]", "securityInfo[0].aefId")]
    [InlineData("securityInfo", "[{\"aefId\":\"nobody\",\"prefSecurityMethods\":[\"PKI\"]}]", "securityInfo[0].aefId")]
    [InlineData("notificationDestination", null, "notificationDestination")]
    [InlineData("notificationDestination", "\"not a uri\"", "notificationDestination")]
    [InlineData("notificationDestination", "\"https://a@b/#c\"", "notificationDestination")]
    [InlineData("requestTestNotification", "1", "requestTestNotification")]
    [InlineData("supportedFeatures", "\"xyz\"", "supportedFeatures")]
    public async Task WrongServiceSecurity_400_NamesTheAttribute(string attribute, string? json, string named)
    {
        using var invoker = await core.OnboardAsync();
        var body = _scenario.Context("0");
        if (json is null)
            body.Remove(attribute);
        else
            body[attribute] = JsonNode.Parse(json);
        await CoreFixture.RefusedAsync(await _scenario.PutAsync(invoker, body), HttpStatusCode.BadRequest, named);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, SecurityScenario.Trusted(invoker)), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task NeitherOrBothOfAefAndInterface_400()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(
            await _scenario.PutAsync(invoker, _scenario.Context("0", entry => entry.Remove("aefId"))), HttpStatusCode.BadRequest);
        await CoreFixture.RefusedAsync(
            await _scenario.PutAsync(invoker, _scenario.Context("0", entry => entry["interfaceDetails"] = new JsonObject { ["ipv4Addr"] = "127.0.0.1" })),
            HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Update_WithoutContext_404_5_6_2_2_3()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(
            await core.SendAsync(invoker, HttpMethod.Post, SecurityScenario.Trusted(invoker) + "/update", _scenario.Context("0")), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task NoMethodInCommon_IsAnsweredWithoutOne_8_5_4_2_3()
    {
        using var invoker = await core.OnboardAsync();
        var (_, id) = await _scenario.PublishAsync();
        var answer = await _scenario.NegotiateAsync(invoker, _scenario.Context("4", entry =>
        {
            entry["apiId"] = id;
            entry["prefSecurityMethods"] = new JsonArray("PKI");
        }));
        Assert.Null(answer["securityInfo"]![0]!["selSecurityMethod"]);
        await _scenario.TokenRefusedAsync(invoker, "invalid_scope");
    }

    [Theory]
    [InlineData("apiInvokerId", null, "apiInvokerId")]
    [InlineData("apiInvokerId", "\"other\"", "apiInvokerId")]
    [InlineData("aefId", "\"other\"", "aefId")]
    [InlineData("apiIds", null, "apiIds")]
    [InlineData("apiIds", "[]", "apiIds")]
    [InlineData("cause", null, "cause")]
    [InlineData("cause", "\"NO_REASON\"", "cause")]
    public async Task WrongSecurityNotification_400_AndTheContextStays(string attribute, string? json, string named)
    {
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        var body = new JsonObject { ["apiInvokerId"] = invoker.Id, ["apiIds"] = new JsonArray(core.Run.ApiId), ["cause"] = "OTHER_REASON" };
        if (json is null)
            body.Remove(attribute);
        else
            body[attribute] = JsonNode.Parse(json);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Post, SecurityScenario.Trusted(invoker) + "/delete", body), HttpStatusCode.BadRequest, named);
        await _scenario.TokenOkAsync(invoker);
    }

    [Theory]
    [InlineData("authenticationInfo=yes", "authenticationInfo")]
    [InlineData("authorizationInfo=true&authorizationInfo=true", "authorizationInfo")]
    public async Task WrongQuery_400_NamesIt(string query, string named)
    {
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{SecurityScenario.Trusted(invoker)}?{query}"), HttpStatusCode.BadRequest, named);
    }

    [Fact]
    public async Task AefsQuestion_GivesWhatItAskedFor_5_6_2_4()
    {
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        using var plain = await core.SendAsync(core.Run.Aef, HttpMethod.Get, SecurityScenario.Trusted(invoker));
        var without = (await CoreFixture.JsonAsync(plain))["securityInfo"]![0]!;
        Assert.Null(without["authorizationInfo"]);
        using var asked = await core.SendAsync(core.Run.Aef, HttpMethod.Get, SecurityScenario.Trusted(invoker) + "?authorizationInfo=true");
        var with = (await CoreFixture.JsonAsync(asked))["securityInfo"]![0]!;
        Assert.NotEmpty(JsonNode.Parse(with["authorizationInfo"]!.GetValue<string>())!["keys"]!.AsArray());
    }
}
