using System.Net;
using System.Text;
using CapifOrleans.Client.Tests.Foreign;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests.Security;

/// <summary>TS 33.122 6.3.1.2, 29.222 5.6: negotiation, validity of keys and tokens, notifications of revocation.</summary>
public sealed class NegotiationTests(TestPki pki) : Scene(pki)
{
    [Fact]
    public async Task Key_IsNegotiatedAnew_BeforeItsValidityEnds_33122_6_5_2_1()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Psk);
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        Clock.Advance(TimeSpan.FromSeconds(3500));
        await CallAsync(http);
        Assert.Single(Core.Negotiations);
        Clock.Advance(TimeSpan.FromSeconds(80));
        await CallAsync(http);
        Assert.Equal(2, Core.Negotiations.Count());
        Assert.Equal(2, Aef.Initiations.Count());
    }

    [Fact]
    public async Task Token_IsFetchedAnew_BeforeItExpires_33122_6_5_2_3()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        Clock.Advance(TimeSpan.FromSeconds(560));
        await CallAsync(http);
        Assert.Single(Core.TokenRequests);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await CallAsync(http);
        Assert.Equal(2, Core.TokenRequests.Count());
        Assert.Contains(Uri.EscapeDataString("3gpp#aef-1:3gpp-test"), Core.TokenRequests.First().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CoreFunctionThatSaysNothingOfTheKey_IsTakenAtTheStandardsWord()
    {
        Core.AuthenticationInfo = _ => null;
        using var invoker = await OnboardAsync(SecurityMethod.Psk);
        using var http = invoker.CreateClient(Aef.Api);
        Assert.Equal("PSK", await CallAsync(http));
        // Only the AEF can say that it is over.
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("PSK", await CallAsync(http));
        Assert.Single(Core.Negotiations);
        Core.AuthenticationInfo = _ => "something else";
        await invoker.NegotiateAsync([Aef.AefId]);
        Assert.Equal("PSK", await CallAsync(http));
    }

    [Fact]
    public async Task SecondAef_JoinsTheSecurityContext_AndBothGoOn()
    {
        await using var second = await ForeignAef.StartAsync(Pki, Core, "aef-2");
        using var invoker = await OnboardAsync();
        using var first = invoker.CreateClient(Aef.Api);
        using var other = invoker.CreateClient(second.Api);
        await CallAsync(first);
        Assert.Equal("PSK", await CallAsync(other));
        Assert.Equal("PSK", await CallAsync(first));
        Assert.Equal(2, Core.Negotiations.Count());
        Assert.Contains("aef-1", Core.Negotiations.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AefThatLeft_DoesNotKeepOthersFromBeingReached()
    {
        await using var second = await ForeignAef.StartAsync(Pki, Core, "aef-2");
        using var invoker = await OnboardAsync();
        using var first = invoker.CreateClient(Aef.Api);
        await CallAsync(first);
        Core.Instead = async (http, request) =>
        {
            if (!request.Path.Contains("trustedInvokers", StringComparison.Ordinal) || !request.Body.Contains("aef-1", StringComparison.Ordinal))
                return false;
            await ForeignServer.ProblemAsync(http, 400, "MANDATORY_IE_INCORRECT");
            return true;
        };
        using var other = invoker.CreateClient(second.Api);
        Assert.Equal("PSK", await CallAsync(other));
    }

    [Fact]
    public async Task NoMethodInCommon_IsAFault_29222_8_5_4_2_3()
    {
        Core.Select = (_, _) => null;
        using var invoker = await OnboardAsync();
        using var http = invoker.CreateClient(Aef.Api);
        await Assert.ThrowsAsync<CapifException>(() => http.GetAsync("things"));
        Assert.Empty(Aef.Requests);
        Core.Select = (_, _) => "QUANTUM";
        await Assert.ThrowsAsync<CapifException>(() => invoker.NegotiateAsync([Aef.AefId]));
    }

    [Fact]
    public async Task CoreFunctionThatTakesNoPutOnAnExistingContext_GetsAnUpdate()
    {
        using (var before = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(stateFile: StatePath)))
            await before.NegotiateAsync([Aef.AefId]);
        Core.Instead = async (http, request) =>
        {
            if (request.Method != "PUT")
                return false;
            await ForeignServer.ProblemAsync(http, 409, null);
            return true;
        };
        using var invoker = await ApiInvoker.LoadAsync(Options(stateFile: StatePath));
        Assert.Equal(SecurityMethod.Psk, (await invoker.NegotiateAsync([Aef.AefId]))[Aef.AefId]);
        using var http = invoker.CreateClient(Aef.Api);
        Assert.Equal("PSK", await CallAsync(http));
    }

    [Fact]
    public async Task NotificationOfRevocation_ForgetsWhatWasNegotiated_29222_5_6_2_5()
    {
        using var invoker = await OnboardAsync();
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        Assert.False(invoker.Notified(Notification("somebody-else")));
        await CallAsync(http);
        Assert.Single(Core.Negotiations);
        Assert.True(invoker.Notified(Notification(invoker.ApiInvokerId)));
        await CallAsync(http);
        Assert.Equal(2, Core.Negotiations.Count());
    }

    [Fact]
    public async Task TokenRequest_IsRefused_WithTheOAuthError_29222_8_5_5_3()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        Core.Instead = async (http, request) =>
        {
            if (!request.Path.EndsWith("/token", StringComparison.Ordinal))
                return false;
            await ForeignServer.JsonAsync(http, 400, new System.Text.Json.Nodes.JsonObject { ["error"] = "unauthorized_client" });
            return true;
        };
        using var http = invoker.CreateClient(Aef.Api);
        var fault = await Assert.ThrowsAsync<CapifException>(() => http.GetAsync("things"));
        Assert.Equal("unauthorized_client", fault.Cause);
        Assert.DoesNotContain(ForeignCore.OnboardSecret, fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(Aef.Calls);
    }

    [Fact]
    public async Task Redirection_IsFollowed_ButNeverToPlainHttp_29122_5_2_10()
    {
        await using var elsewhere = await ForeignCore.StartAsync(Pki);
        using var invoker = await OnboardAsync();
        foreach (var (target, count) in new[] { (elsewhere.Address.ToString(), 1), ($"http://localhost:{elsewhere.Port}/", 1) })
        {
            Core.Instead = (http, request) =>
            {
                http.Response.StatusCode = (int)HttpStatusCode.TemporaryRedirect;
                http.Response.Headers.Location = new Uri(new Uri(target), request.Path + request.Query).ToString();
                return Task.FromResult(true);
            };
            if (target.StartsWith("https", StringComparison.Ordinal))
                Assert.Empty(await invoker.DiscoverAsync());
            else
                await Assert.ThrowsAsync<CapifException>(() => invoker.DiscoverAsync());
            Assert.Equal(count, elsewhere.Requests.Count);
        }
    }

    private static byte[] Notification(string apiInvokerId) =>
        Encoding.UTF8.GetBytes($$"""{"apiInvokerId":"{{apiInvokerId}}","aefId":"aef-1","apiIds":["7"],"cause":"OVERLIMIT_USAGE"}""");
}
