using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>RNAA by authorization code and PKCE: 33.122 6.5.3, 29.222 5.6.2.3.2, RFC 6749 4.1, RFC 7636.</summary>
[Collection(nameof(CoreCollection))]
public sealed class AuthorizationCodeTests(CoreFixture core)
{
    [Fact]
    public async Task OwnerAllows_TheCodeGivesATokenOfThatOwner_Rfc6749_4_1()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        using var page = await scenario.GetAsync(scenario.Authorize());
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(scenario.ApiName, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var answer = scenario.Redirected(await scenario.DecideAsync());
        Assert.Equal("st&te", answer["state"]);
        var token = await scenario.Security.TokenOkAsync(scenario.Invoker, scenario.Redemption(answer["code"]));
        var claims = SecurityScenario.Claims(token);
        Assert.Equal(scenario.Gpsi, claims["resOwnerId"]!["gpsi"]!.GetValue<string>());
        Assert.Equal(scenario.Scope, claims["scope"]!.GetValue<string>());
        Assert.Equal(scenario.Invoker.Id, claims["client_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task OwnerDenies_IsToldToTheClient_Rfc6749_4_1_2_1()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var answer = scenario.Redirected(await scenario.DecideAsync("deny", ""));
        Assert.Equal("access_denied", answer["error"]);
        Assert.Equal("st&te", answer["state"]);
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("resOwnerId", $$"""{"gpsi":"{{scenario.Gpsi}}"}"""));
    }

    [Fact]
    public async Task Code_WorksOnce()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var code = await scenario.CodeAsync();
        await scenario.Security.TokenOkAsync(scenario.Invoker, scenario.Redemption(code));
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", scenario.Redemption(code));
    }

    [Fact]
    public async Task Rfc6749Code_IsTheSameAsAuthCode()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var code = await scenario.CodeAsync();
        var redemption = scenario.Redemption(code);
        redemption[1] = ("code", code);
        await scenario.Security.TokenOkAsync(scenario.Invoker, redemption);
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_request", [.. scenario.Redemption(code), ("code", "another")]);
    }

    [Fact]
    public async Task Code_IsBoundToClientRedirectUriVerifierOwnerAndScope_AndEndsWithAWrongTry()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        using var other = await core.OnboardAsync();
        await scenario.Security.NegotiateAsync(other, scenario.Context("c", "AUTHORIZATION_CODE_WITH_PKCE"));
        var security = scenario.Security;
        await security.TokenRefusedAsync(other, "invalid_grant", scenario.Redemption(await scenario.CodeAsync()));

        var code = await scenario.CodeAsync();
        await security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", scenario.Redemption(code, new string('x', 43)));
        await security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", scenario.Redemption(code));
        foreach (var (missing, error) in new[] { (0, "invalid_grant"), (2, "invalid_grant"), (3, "invalid_grant"), (1, "invalid_request") })
        {
            var redemption = scenario.Redemption(await scenario.CodeAsync()).ToList();
            if (missing > 0)
                redemption.RemoveAt(missing);
            else
                redemption[2] = ("redirect_uri", scenario.RedirectUri + "/elsewhere");
            await security.TokenRefusedAsync(scenario.Invoker, error, [.. redemption]);
        }

        await security.TokenRefusedAsync(
            scenario.Invoker, "invalid_grant", [.. scenario.Redemption(await scenario.CodeAsync()), ("gpsi", "msisdn-12345")]);
        await security.TokenRefusedAsync(
            scenario.Invoker, "invalid_scope", [.. scenario.Redemption(await scenario.CodeAsync()), ("scope", $"3gpp#{core.Run.Aef.Id}:{core.Run.ApiName}")]);
    }

    [Theory]
    [InlineData("client_id", "0123456789abcdef0123456789abcdef")]
    [InlineData("client_id", "not/an-identifier")]
    [InlineData("client_id", null)]
    [InlineData("redirect_uri", "https://elsewhere.example/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", null)]
    public async Task UnknownClientOrRedirectUri_IsNeverRedirected_Rfc6749_4_1_2_1(string parameter, string? value)
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        using var page = await scenario.GetAsync(scenario.Authorize(scenario.Request((parameter, value))));
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        Assert.Null(page.Headers.Location);
        using var decided = await scenario.DecideAsync(request: scenario.Request((parameter, value)));
        Assert.Equal(HttpStatusCode.BadRequest, decided.StatusCode);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("scope", "3gpp#nobody:nothing", "invalid_scope")]
    [InlineData("scope", "nonsense", "invalid_scope")]
    public async Task WrongParameter_IsToldToTheClient_Rfc6749_4_1_2_1(string parameter, string? value, string error)
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var answer = scenario.Redirected(await scenario.GetAsync(scenario.Authorize(scenario.Request((parameter, value)))));
        Assert.Equal(error, answer["error"]);
        Assert.Equal("st&te", answer["state"]);
        Assert.False(answer.ContainsKey("code"));
    }

    [Fact]
    public async Task ServiceApiOfAnotherGrantType_IsToldToTheClient()
    {
        await using var scenario = await OwnerScenario.StartAsync(core, "c", "CLIENT_CREDENTIALS");
        var answer = scenario.Redirected(await scenario.GetAsync(scenario.Authorize()));
        Assert.Equal("unauthorized_client", answer["error"]);
    }

    [Fact]
    public async Task AuthorizationCodeWithoutPkce_IsAllowedWhereTheAefOffersIt()
    {
        await using var scenario = await OwnerScenario.StartAsync(core, "c", "AUTHORIZATION_CODE");
        var code = await scenario.CodeAsync(scenario.Request(("code_challenge", null), ("code_challenge_method", null)));
        await scenario.Security.TokenOkAsync(
            scenario.Invoker, ("grant_type", "authorization_code"), ("authCode", code), ("redirect_uri", scenario.RedirectUri));
    }

    [Fact]
    public async Task WrongPassword_IsToldOnThePage_AndGivesNoCode()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        foreach (var (gpsi, password) in new[] { (scenario.Gpsi, "wrong"), ("msisdn-99999999", OwnerScenario.Password), ("no gpsi <b>", OwnerScenario.Password) })
        {
            using var answer = await scenario.DecideAsync(password: password, gpsi: gpsi);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("role=\"alert\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", text, StringComparison.Ordinal);
            Assert.DoesNotContain(OwnerScenario.Password, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GuessedPasswords_LockTheAccount()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        for (var attempt = 0; attempt < 5; attempt++)
            (await scenario.DecideAsync(password: "wrong")).Dispose();
        using var locked = await scenario.DecideAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
    }

    [Fact]
    public async Task Page_CannotBeFramedScriptedOrKept_AndFormsOfOtherSitesAreRefused()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        using var page = await scenario.GetAsync(scenario.Authorize());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(page.Headers.Contains("Set-Cookie"));
        var form = new Dictionary<string, string?>(scenario.Request()) { ["gpsi"] = scenario.Gpsi, ["password"] = OwnerScenario.Password, ["decision"] = "allow" };
        using var forged = await scenario.PostAsync("/oauth/authorize", form, "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
    }

    [Fact]
    public async Task WhatTheClientCallsItself_IsTextOnly()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var body = CoreFixture.Onboarding(scenario.Invoker);
        body["apiInvokerInformation"] = "<script>alert(1)</script>";
        using var updated = await core.SendAsync(scenario.Invoker, HttpMethod.Put, $"/api-invoker-management/v1/onboardedInvokers/{scenario.Invoker.Id}", body);
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        using var page = await scenario.GetAsync(scenario.Authorize());
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("&lt;script&gt;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"gpsi\":\"\"}")]
    [InlineData("{}")]
    [InlineData("msisdn-1")]
    [InlineData("[]")]
    public async Task ResOwnerIdThatIsNone_IsInvalidRequest_8_5_4_2_6(string owner)
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_request", ("resOwnerId", owner));
    }

    [Fact]
    public async Task WithoutRnaa_NeitherCodeNorOwner_IsAllowed()
    {
        using var invoker = await core.OnboardAsync();
        var security = new SecurityScenario(core);
        await security.NegotiateAsync(invoker, security.Context("0"));
        await security.TokenRefusedAsync(invoker, "unauthorized_client", ("grant_type", "authorization_code"), ("authCode", "x"));
        await security.TokenRefusedAsync(invoker, "unauthorized_client", ("resOwnerId", new JsonObject { ["gpsi"] = "msisdn-123456" }.ToJsonString()));
    }
}
