using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CapifOrleans.Exposure;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>Consents of resource owners: what they allow, and their end (33.122 6.5.3.4, 23.222 8.33).</summary>
[Collection(nameof(CoreCollection))]
public sealed partial class ConsentTests(CoreFixture core)
{
    private static string OwnerOf(OwnerScenario scenario) => $$"""{"gpsi":"{{scenario.Gpsi}}"}""";

    [Fact]
    public async Task ClientCredentialsForAnOwner_NeedRecordedConsent_29222_5_6_2_3_2_NOTE_2()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var request = new[] { ("scope", scenario.Scope), ("resOwnerId", OwnerOf(scenario)) };
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", request);
        await scenario.CodeAsync();
        var claims = SecurityScenario.Claims(await scenario.Security.TokenOkAsync(scenario.Invoker, request));
        Assert.Equal(scenario.Gpsi, claims["resOwnerId"]!["gpsi"]!.GetValue<string>());
        // Another owner has not consented, and another invoker has no consent.
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("scope", scenario.Scope), ("gpsi", "msisdn-123456789"));
        using var other = await core.OnboardAsync();
        await scenario.Security.NegotiateAsync(other, scenario.Context("c", "CLIENT_CREDENTIALS"));
        await scenario.Security.TokenRefusedAsync(other, "invalid_grant", request);
    }

    [Fact]
    public async Task ConsentToAPart_IsNoConsentToTheWhole()
    {
        await using var scenario = await OwnerScenario.StartAsync(core, "1c");
        var part = scenario.Scope + ":res.things:op.read";
        await scenario.CodeAsync(scenario.Request(("scope", part)));
        await scenario.Security.TokenOkAsync(scenario.Invoker, ("scope", part), ("resOwnerId", OwnerOf(scenario)));
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("scope", scenario.Scope), ("resOwnerId", OwnerOf(scenario)));
    }

    [Fact]
    public async Task OwnerTakesConsentBack_TokensAreVoid_AndTheInvokerIsTold_33122_6_5_3_4()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        var token = await scenario.Security.TokenOkAsync(scenario.Invoker, scenario.Redemption(await scenario.CodeAsync()));
        var waiting = await scenario.CodeAsync();
        Assert.False(await IsRevokedAsync(scenario, token));

        using var page = await SignInAsync(scenario);
        var form = Hidden(await page.Content.ReadAsStringAsync());
        using var done = await scenario.PostAsync("/resource-owner/revoke", form);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        var text = await done.Content.ReadAsStringAsync();
        Assert.Contains("role=\"status\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(scenario.ApiName, text, StringComparison.Ordinal);

        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("scope", scenario.Scope), ("resOwnerId", OwnerOf(scenario)));
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", scenario.Redemption(waiting));
        var notice = await scenario.Receiver.NextAsync();
        Assert.Equal(scenario.Invoker.Id, notice["apiInvokerId"]!.GetValue<string>());
        Assert.Equal(core.Run.Aef.Id, notice["aefId"]!.GetValue<string>());
        Assert.Equal(scenario.ApiId, notice["apiIds"]![0]!.GetValue<string>());
        Assert.True(await IsRevokedAsync(scenario, token));
        // Tokens of the invoker's own are as good as before.
        Assert.False(await IsRevokedAsync(scenario, await scenario.Security.TokenOkAsync(scenario.Invoker)));
    }

    [Fact]
    public async Task Revocation_IsAnEvent_23222_8_33()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await using var events = await Silo.Demo.NotificationReceiver.StartAsync(default);
        using var subscribed = await core.SendAsync(core.Run.Aef, HttpMethod.Post, $"/capif-events/v1/{core.Run.Aef.Id}/subscriptions", new JsonObject
        {
            ["events"] = new JsonArray("API_INVOKER_AUTHORIZATION_REVOKED"),
            ["eventFilters"] = new JsonArray(new JsonObject { ["apiInvokerIds"] = new JsonArray(scenario.Invoker.Id) }),
            ["notificationDestination"] = events.Destination.ToString(),
            ["supportedFeatures"] = "4",
        });
        Assert.Equal(HttpStatusCode.Created, subscribed.StatusCode);
        await scenario.CodeAsync();
        Assert.Null((await core.Core.Administration.RemoveResourceOwnerAsync(scenario.Gpsi, default)).Refusal);
        var notification = await events.NextAsync(TimeSpan.FromSeconds(20), default);
        Assert.Equal("API_INVOKER_AUTHORIZATION_REVOKED", notification["events"]!.GetValue<string>());
        Assert.Equal(scenario.Invoker.Id, notification["eventDetail"]!["apiInvokerIds"]![0]!.GetValue<string>());
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("scope", scenario.Scope), ("resOwnerId", OwnerOf(scenario)));
    }

    [Fact]
    public async Task ConsentsAreAnOwnersOwn_ATicketIsNeeded()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await using var other = await OwnerScenario.StartAsync(core);
        await scenario.CodeAsync();
        using var page = await SignInAsync(scenario);
        var form = Hidden(await page.Content.ReadAsStringAsync());
        foreach (var wrong in new[] { ("ticket", "x"), ("ticket", null), ("owner", other.Gpsi), ("owner", "nobody"), ("consent", null) })
        {
            using var refused = await scenario.PostAsync("/resource-owner/revoke", new Dictionary<string, string?>(form) { [wrong.Item1] = wrong.Item2 });
            Assert.True(refused.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, refused.StatusCode.ToString());
        }

        using var forged = await scenario.PostAsync("/resource-owner/revoke", form, "same-site");
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        await scenario.Security.TokenOkAsync(scenario.Invoker, ("scope", scenario.Scope), ("resOwnerId", OwnerOf(scenario)));
        using var wrongPassword = await SignInAsync(scenario, "wrong");
        Assert.Equal(HttpStatusCode.Forbidden, wrongPassword.StatusCode);
    }

    private static Task<HttpResponseMessage> SignInAsync(OwnerScenario scenario, string password = OwnerScenario.Password) =>
        scenario.PostAsync("/resource-owner/consents", new Dictionary<string, string?> { ["gpsi"] = scenario.Gpsi, ["password"] = password });

    private static Dictionary<string, string?> Hidden(string page) =>
        HiddenField().Matches(page).ToDictionary(one => one.Groups[1].Value, one => (string?)WebUtility.HtmlDecode(one.Groups[2].Value));

    private Task<bool> IsRevokedAsync(OwnerScenario scenario, JsonNode token)
    {
        var claims = SecurityScenario.Claims(token);
        return core.Core.Grains.GetGrain<IAefGrain>(core.Run.Aef.Id).IsRevokedAsync(
            new PresentedToken
            {
                ApiInvokerId = scenario.Invoker.Id,
                ApiId = scenario.ApiId,
                Gpsi = claims["resOwnerId"]?["gpsi"]?.GetValue<string>(),
                IssuedAt = DateTimeOffset.FromUnixTimeSeconds(claims["iat"]!.GetValue<long>()),
                TokenSha256 = "",
            },
            default);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)">""")]
    private static partial Regex HiddenField();
}
