using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Interconnection;
using CapifOrleans.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Interconnection;

/// <summary>A peer that hangs, lies, redirects or is another: it costs its callers a refusal, and nobody else anything.</summary>
public sealed class PeerClientTests : IAsyncLifetime
{
    private CapifHost _capif = null!;
    private HttpsReceiver _peer = null!;

    public async Task InitializeAsync()
    {
        _capif = await CapifHost.StartAsync(configure: services => services.AddSingleton(
            new InterconnectionOptions { CcfId = "ccf-a", BreakAfter = 2, BreakDuration = TimeSpan.FromDays(1), AttemptTimeout = TimeSpan.FromSeconds(20) }));
        _peer = await HttpsReceiver.StartAsync(Issuer);
    }

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _capif.DisposeAsync();
    }

    private ICertificateIssuer Issuer => _capif.Host.Services.GetRequiredService<ICertificateIssuer>();

    private InterconnectedCcf Peer => new()
    {
        CcfId = "ccf-b",
        Address = _peer.Address.ToString(),
        TrustAnchors = _capif.Host.Services.GetRequiredService<CertificateAuthorityStore>().Root.ExportCertificatePem(),
        CapifProvDoms = ["b"],
        CertificateName = "localhost",
    };

    [Fact]
    public async Task Answer_IsHandedOn_WithItsAge()
    {
        _peer.Answer = http =>
        {
            http.Response.Headers.CacheControl = "private, max-age=77";
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return http.Response.WriteAsync("{}");
        };
        var outcome = await SendAsync(Peer);
        Assert.Equal((404, TimeSpan.FromSeconds(77)), (outcome.Value!.Status, outcome.Value.MaxAge));
        Assert.Equal("/x", (await _peer.NextAsync()).Path);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        _peer.Answer = http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Assert.Equal(ErrorKind.Unavailable, (await SendAsync(Peer)).Refusal!.Kind);
        Assert.Equal("/x", (await _peer.NextAsync()).Path);
        Assert.Equal(0, _peer.Unread);
    }

    [Fact]
    public async Task ServerThatIsNotThePeer_GetsNoRequest()
    {
        // Another name below the right anchor; the right name below another anchor.
        Assert.Equal(ErrorKind.Unavailable, (await SendAsync(Peer with { CertificateName = null })).Refusal!.Kind);
        await using var stranger = await HttpsReceiver.StartAsync(null);
        Assert.Equal(ErrorKind.Unavailable, (await SendAsync(Peer with { CcfId = "ccf-c", Address = stranger.Address.ToString() })).Refusal!.Kind);
        Assert.Equal(0, _peer.Unread + stranger.Unread);
    }

    [Fact]
    public async Task PeerThatFails_IsLeftAlone_AndOthersAreNot()
    {
        _peer.Answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        foreach (var _ in Enumerable.Range(0, 4))
            Assert.Equal(ErrorKind.Unavailable, (await SendAsync(Peer)).Refusal!.Kind);
        Assert.Equal(2, _peer.Unread);
        await using var other = await HttpsReceiver.StartAsync(Issuer);
        Assert.Equal(204, (await SendAsync(Peer with { CcfId = "ccf-c", Address = other.Address.ToString() })).Value!.Status);
    }

    [Fact]
    public async Task PeerThatHangs_IsGivenUp_WhenItsTimeIsUp()
    {
        await using var capif = await CapifHost.StartAsync(configure: services => services.AddSingleton(
            new InterconnectionOptions { CcfId = "ccf-a", AttemptTimeout = TimeSpan.FromMilliseconds(300) }));
        _peer.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var outcome = await capif.Host.Services.GetRequiredService<IPeerClient>().SendAsync(Peer, new PeerRequest(HttpMethod.Get, "/x"), default);
        Assert.Equal("PEER_UNAVAILABLE", outcome.Refusal!.Cause);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"securityInfo":[],"notificationDestination":"https://x/"}""")]
    // A method that the API invoker does not have; another AEF's entry; more entries than were asked for.
    [InlineData("""{"securityInfo":[{"aefId":"aef-of-b","prefSecurityMethods":["OAUTH"],"selSecurityMethod":"PKI"}],"notificationDestination":"https://x/"}""")]
    [InlineData("""{"securityInfo":[{"aefId":"other","prefSecurityMethods":["OAUTH"],"selSecurityMethod":"OAUTH"}],"notificationDestination":"https://x/"}""")]
    [InlineData("""{"securityInfo":[{"aefId":"aef-of-b","prefSecurityMethods":["OAUTH"]},{"aefId":"aef-of-b","prefSecurityMethods":["OAUTH"]}],"notificationDestination":"https://x/"}""")]
    public async Task NegotiationAnsweredWithGarbage_ChangesNothing(string answer)
    {
        Assert.Null((await _capif.Host.Grain<IInterconnectedCcfGrain>("ccf-b").SetAsync(Peer, default)).Refusal);
        await _capif.Host.Grain<CapifOrleans.Discover.IServiceCatalogGrain>("catalog").PutAsync(
            new CapifOrleans.Publish.PublishedServiceApi
            {
                ApfId = CapifOrleans.Publish.PublishedServiceApi.ApfIdOf("ccf-b"),
                ApiProvDomId = "ccf/ccf-b",
                Description = CapifHost.Api("things", "aef-of-b") with { ApiId = "api-of-b" },
            },
            default);
        var (id, _) = await _capif.OnboardAsync();
        _peer.Answer = http =>
        {
            http.Response.StatusCode = http.Request.Method == "PUT" ? StatusCodes.Status201Created : StatusCodes.Status404NotFound;
            return http.Response.WriteAsync(answer);
        };
        var outcome = await _capif.Host.Grains.GetGrain<IInterconnectionGrain>(0).NegotiateAsync(
            id,
            new ServiceSecurity
            {
                SecurityInfo = [new SecurityInformation { AefId = "aef-of-b", PrefSecurityMethods = [CapifOrleans.Publish.SecurityMethod.Oauth] }],
                NotificationDestination = "https://invoker.test/",
            },
            null, isUpdate: false, default);
        Assert.Equal("PEER_ANSWER_INVALID", outcome.Refusal!.Cause);
        Assert.Equal(
            ErrorKind.NotFound,
            (await _capif.Host.Grain<CapifOrleans.InvokerManagement.IApiInvokerGrain>(id).GetSecurityContextForPeerAsync(
                new SecurityContextQuery { AefId = "aef-of-b", CcfId = "ccf-b" }, default)).Refusal!.Kind);
    }

    private Task<Outcome<PeerAnswer>> SendAsync(InterconnectedCcf peer) =>
        _capif.Host.Services.GetRequiredService<IPeerClient>().SendAsync(peer, new PeerRequest(HttpMethod.Get, "/x"), default);
}
