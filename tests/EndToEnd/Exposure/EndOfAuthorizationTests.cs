using System.Net;
using System.Net.Http.Json;
using CapifOrleans.Exposure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>33.122 6.8 steps 7 to 10, 29.222 6.2.2.3: however the AEF hears of it, the authorization ends, the connections close, and it acknowledges.</summary>
[Collection(nameof(AefCollection))]
public sealed class EndOfAuthorizationTests(AefFixture aef)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("PSK")]
    [InlineData("PKI")]
    [InlineData("OAUTH")]
    public async Task Offboarding_ClosesConnections_RefusesEverything_AndIsAcknowledged(string method)
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, method);
        await invoker.InitiateAsync();
        var token = method == "OAUTH" ? await invoker.TokenAsync() : "";
        using var http = method switch { "PSK" => invoker.PskHttp(), "PKI" => invoker.Http(invoker.Certificate), _ => invoker.TokenHttp(token) };
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var name = "offboard-" + method;
        aef.Upstream.Answers[name] = async context =>
        {
            await context.Response.StartAsync();
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            began.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var open = await http.GetAsync(new Uri("things/" + name, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await began.Task.WaitAsync(Patience);

        using (var answer = await aef.Core.SendAsync(invoker.Party, HttpMethod.Delete, $"/api-invoker-management/v1/onboardedInvokers/{invoker.Id}"))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        // What was on its way breaks off.
        await Assert.ThrowsAnyAsync<Exception>(async () => await open.Content.ReadAsStringAsync().WaitAsync(Patience));
        if (method == "PSK")
        {
            using var again = invoker.PskHttp();
            await Assert.ThrowsAsync<HttpRequestException>(() => again.GetAsync(new Uri("things", UriKind.Relative)));
        }
        else
        {
            using var again = method == "PKI" ? invoker.Http(invoker.Certificate) : invoker.TokenHttp(token);
            await AefInvoker.RefusedAsync(await again.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Forbidden, "NOT_AUTHORIZED");
        }

        Assert.Equal(HttpStatusCode.Forbidden, await invoker.InitiateAsync());
        var grain = aef.Core.Core.Grains.GetGrain<IAefGrain>(aef.Identity.AefId);
        await Eventually.HoldsAsync(
            async () => (await grain.GetRevocationAsync(invoker.Id, default))?.AcknowledgedAt is not null, "the AEF's acknowledgement is recorded");
    }

    [Fact]
    public async Task RevokedToken_IsVoid_AlsoAfterARestart()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        var token = await invoker.TokenAsync();
        using (var http = invoker.TokenHttp(token))
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        aef.Aef.Services.GetRequiredService<CapifOrleans.Aef.Events.AuthorizationEnd>().End(invoker.Id, [aef.ApiId], null);
        for (var round = 0; round < 2; round++)
        {
            using var http = invoker.TokenHttp(token);
            await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Unauthorized, "INVALID_TOKEN");
            await aef.RestartAsync();
        }
    }

    [Fact]
    public async Task ForgedNotification_EndsNothing()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PSK");
        await invoker.InitiateAsync();
        using var http = invoker.PskHttp();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        var asked = aef.Link.Contexts;
        foreach (var certificate in new[] { null, invoker.Certificate })
        {
            using var stranger = invoker.Http(certificate);
            using var answer = await stranger.PostAsJsonAsync(
                new Uri("/capif-notifications/v1/events", UriKind.Relative),
                new { subscriptionId = "x", events = "API_INVOKER_OFFBOARDED", eventDetail = new { apiInvokerIds = new[] { invoker.Id } } });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        Assert.True(aef.Link.Contexts >= asked + 2);
        // The same connection, by the same key.
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task CoreFunctionAway_WhoIsNotKnownYet_IsTold503_AndLetInLater()
    {
        using var unknown = await AefInvoker.NegotiateAsync(aef, "PKI");
        using var http = unknown.Http(unknown.Certificate);
        aef.Link.IsCut = true;
        try
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await unknown.InitiateAsync());
            await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.ServiceUnavailable, "CORE_FUNCTION_UNAVAILABLE");
        }
        finally
        {
            aef.Link.IsCut = false;
        }

        Assert.Equal(HttpStatusCode.OK, await unknown.InitiateAsync());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
    }
}
