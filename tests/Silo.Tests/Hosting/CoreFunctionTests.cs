using System.Net;

namespace CapifOrleans.Silo.Tests.Hosting;

public class CoreFunctionTests
{
    [Fact]
    public async Task Ports_AnswerWithTheServerCertificate_AndNothingOfAnotherListener()
    {
        await using var core = await RunningCore.StartAsync();
        using var coreClient = core.Client(core.Function.Core);

        Assert.Equal(HttpStatusCode.OK, (await coreClient.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await coreClient.GetAsync(new Uri("/getauth", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await coreClient.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await core.Enrolment.GetAsync(new Uri("/api-invoker-management/v1/onboardedInvokers", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Status_SaysHowItIs()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");

        var status = await core.Function.StatusAsync(default);

        Assert.True(status.IsReady);
        Assert.Equal(1, status.Users);
        Assert.Equal(["core", "enrolment", "operations"], status.Listeners.Select(listener => listener.Name));
        Assert.True(status.ServerCertificateExpiresAt > status.StartedAt.AddDays(300));
    }

    [Fact]
    public async Task OwnHostNames_AreInTheServerCertificate()
    {
        await using var core = await RunningCore.StartAsync(options => options.Hosts = ["core.example"]);

        Assert.Equal("core.example", core.Function.Core.Host);
        using var client = core.Client(new UriBuilder(core.Function.Enrolment) { Host = "127.0.0.1" }.Uri);
        client.DefaultRequestHeaders.Host = "core.example";
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/getauth", UriKind.Relative))).StatusCode);
    }
}
