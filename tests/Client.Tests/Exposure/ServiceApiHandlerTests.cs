using System.Net;
using System.Text;
using CapifOrleans.Client.Tests.Foreign;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests.Exposure;

/// <summary>TS 33.122 6.5.2 and 6.7: how calls find the way back when keys, tokens or the method change, and when they give up.</summary>
public sealed class ServiceApiHandlerTests(TestPki pki) : Scene(pki)
{
    [Fact]
    public async Task MethodThatChanged_IsNegotiatedAnewOnce_AndTheCallSucceeds_33122_6_7()
    {
        using var invoker = await OnboardAsync();
        using var http = invoker.CreateClient(Aef.Api);
        Assert.Equal("PSK", await CallAsync(http));
        foreach (var method in new[] { "PKI", "OAUTH", "PSK" })
        {
            var (negotiations, before) = (Core.Negotiations.Count(), Aef.Calls.Count());
            Core.Select = (_, _) => method;
            Core.Context[Aef.AefId] = (method, null);
            await Aef.LearnAsync();
            Assert.Equal(method, await CallAsync(http));
            Assert.Equal(negotiations + 1, Core.Negotiations.Count());
            Assert.InRange(Aef.Calls.Count() - before, 1, 3);
        }

        Assert.All(Core.Negotiations.Skip(1), one => Assert.EndsWith("/update", one.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SecurityMethod.Psk)]
    [InlineData(SecurityMethod.Pki)]
    [InlineData(SecurityMethod.Oauth)]
    public async Task AefThatForgot_IsInitiatedAgain_WithoutANegotiation(SecurityMethod method)
    {
        using var invoker = await OnboardAsync(method);
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        Aef.Forget();
        await CallAsync(http);
        Assert.Equal(2, Aef.Initiations.Count());
        Assert.Single(Core.Negotiations);
    }

    [Fact]
    public async Task RevokedToken_IsFetchedAnew_WithoutANegotiation()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        foreach (var token in Core.Tokens.Keys)
            Core.Tokens[token] = false;
        Assert.Equal("OAUTH", await CallAsync(http));
        Assert.Equal(2, Core.TokenRequests.Count());
        Assert.Single(Core.Negotiations);
    }

    [Fact]
    public async Task RevokedAuthorization_IsNegotiatedAnewOnce_AndTheCallSucceeds()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        // As 29.222 5.6.2.5 leaves it: no security context, tokens void, the AEF knows nothing.
        Core.Context.Clear();
        foreach (var token in Core.Tokens.Keys)
            Core.Tokens[token] = false;
        Aef.Forget();
        Assert.Equal("OAUTH", await CallAsync(http));
        // update is answered with 404 once there is no context; then PUT makes one.
        Assert.Equal(["PUT", "POST", "PUT"], Core.Negotiations.Select(one => one.Method));
    }

    [Fact]
    public async Task RefusalThatStays_IsTheAnswer_AfterOneOfEachWay()
    {
        Aef.Instead = async (http, request) =>
        {
            if (request.Path.EndsWith("/check-authentication", StringComparison.Ordinal))
                return false;
            await ForeignServer.ProblemAsync(http, 401, "NEVER");
            return true;
        };
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        using var answer = await http.GetAsync("things");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("NEVER", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(3, Aef.Calls.Count());
        Assert.Equal(2, Core.Negotiations.Count());
    }

    [Fact]
    public async Task IndicatorThatStays_IsTheAnswer_AfterOneNegotiation()
    {
        Aef.Instead = async (http, request) =>
        {
            if (request.Path.EndsWith("/check-authentication", StringComparison.Ordinal))
                return false;
            await ForeignServer.ProblemAsync(http, 403, AefRefusals.WrongMethod);
            return true;
        };
        using var invoker = await OnboardAsync(SecurityMethod.Pki);
        using var http = invoker.CreateClient(Aef.Api);
        using var answer = await http.GetAsync("things");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(2, Aef.Calls.Count());
        Assert.Equal(2, Core.Negotiations.Count());
    }

    [Fact]
    public async Task ForbiddenByTheServiceApiItself_IsTheAnswer_AndNothingElseHappens()
    {
        Aef.Instead = async (http, request) =>
        {
            if (!request.Path.EndsWith("/things", StringComparison.Ordinal))
                return false;
            await ForeignServer.ProblemAsync(http, 403, "NOT_ON_SUNDAYS");
            return true;
        };
        using var invoker = await OnboardAsync();
        using var http = invoker.CreateClient(Aef.Api);
        using var answer = await http.GetAsync("things");
        Assert.Contains("NOT_ON_SUNDAYS", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(Aef.Calls);
        Assert.Single(Core.Negotiations);
    }

    [Fact]
    public async Task CoreFunctionThatRefusesTheNegotiation_IsTheFault()
    {
        using var invoker = await OnboardAsync();
        using var http = invoker.CreateClient(Aef.Api);
        await CallAsync(http);
        Core.Instead = async (answer, _) =>
        {
            await ForeignServer.ProblemAsync(answer, 401, "CLIENT_CERTIFICATE_REVOKED");
            return true;
        };
        Aef.Forget();
        Core.Context.Clear();
        var fault = await Assert.ThrowsAsync<CapifException>(() => http.GetAsync("things"));
        Assert.Equal(HttpStatusCode.Unauthorized, fault.StatusCode);
        Assert.Equal("CLIENT_CERTIFICATE_REVOKED", fault.Cause);
    }

    [Fact]
    public async Task BodyThatCannotBeSentAgain_IsAnsweredWithTheRefusal_AndTheNextCallGoesWell()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Pki, SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        Assert.Equal("PKI", await CallAsync(http));
        Core.Select = (_, _) => "OAUTH";
        Core.Context[Aef.AefId] = ("OAUTH", null);
        await Aef.LearnAsync();
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("once")));
        using (var answer = await http.PostAsync("things", content))
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("OAUTH", await CallAsync(http));
    }

    [Fact]
    public async Task AddressOutsideTheServiceApi_GetsNoCredentials()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        foreach (var address in new[] { "https://elsewhere.example/exposed/3gpp-test/v1/things", $"https://localhost:{Aef.Port}/exposed/other/v1/", "../v2/things", $"http://localhost:{Aef.Port}/exposed/3gpp-test/v1/things" })
            await Assert.ThrowsAsync<InvalidOperationException>(() => http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "things") { Headers = { { "Authorization", "Bearer mine" } } };
        await Assert.ThrowsAsync<InvalidOperationException>(() => http.SendAsync(request));
        Assert.Empty(Aef.Requests);
    }

    [Fact]
    public async Task ServerOfAnotherRoot_IsNotTold_WhoIsThere()
    {
        using var other = new TestPki();
        await using var impostor = await ForeignAef.StartAsync(other, Core);
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(impostor.Api);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("things"));
        Assert.Empty(impostor.Requests);
        // Unless the application trusts that root for AEFs.
        using var trusting = await ApiInvoker.OnboardAsync(Core.Enrolment(), new ApiInvokerOptions
        {
            NotificationDestination = new Uri("https://invoker.example/"),
            PreferredMethods = [SecurityMethod.Oauth],
            AefRoots = [other.Root],
        });
        using var trusted = trusting.CreateClient(impostor.Api);
        Assert.Equal("OAUTH", await CallAsync(trusted));
    }

    [Fact]
    public async Task ManyCallsAtOnce_ShareOneNegotiation_OneInitiation_OneToken()
    {
        using var invoker = await OnboardAsync(SecurityMethod.Oauth);
        using var http = invoker.CreateClient(Aef.Api);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync(http)));
        Assert.Single(Core.Negotiations);
        Assert.Single(Aef.Initiations);
        Assert.Single(Core.TokenRequests);
    }
}
