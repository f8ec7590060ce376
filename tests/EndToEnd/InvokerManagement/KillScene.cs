using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.EndToEnd.Hosting;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>A data folder with a provider and API invokers, whose core function is stopped: tests start processes on it and kill them.</summary>
public sealed class KillScene : IAsyncLifetime
{
    private const string Invokers = "/api-invoker-management/v1/onboardedInvokers";
    // A reminder that was due while nothing ran comes a minute later on Orleans.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly CoreFixture _fixture = new();
    private readonly Queue<DemoParty> _onboarded = [];

    internal string Folder => _fixture.DataDirectory;

    internal DemoRun Run => _fixture.Run;

    public async Task InitializeAsync()
    {
        await _fixture.InitializeAsync();
        for (var number = 0; number < Enum.GetValues<CapifOrleans.InvokerManagement.OffboardingStep>().Length; number++)
        {
            var party = await _fixture.OnboardAsync();
            using var negotiated = await SendAsync(_fixture.Core.Core, party, HttpMethod.Put, $"/capif-security/v1/trustedInvokers/{party.Id}", new JsonObject
            {
                ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") }),
                ["notificationDestination"] = "https://127.0.0.1:9/revocations",
                ["supportedFeatures"] = "0",
            });
            Assert.Equal(HttpStatusCode.Created, negotiated.StatusCode);
            _onboarded.Enqueue(party);
        }

        await _fixture.Core.StopAsync(default);
    }

    public Task DisposeAsync() => _fixture.DisposeAsync();

    /// <summary>An API invoker that is onboarded, with a security context at the provider's AEF.</summary>
    internal DemoParty NextInvoker() => _onboarded.Dequeue();

    internal async Task<HttpResponseMessage> SendAsync(Uri core, DemoParty party, HttpMethod method, string path, JsonNode? body = null, bool credential = false)
    {
        using var request = new HttpRequestMessage(method, new Uri(core, path));
        if (credential)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Run.Credential);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await party.Client.SendAsync(request);
    }

    internal async Task<HttpResponseMessage> OnboardAsync(Uri core, DemoParty party) =>
        await SendAsync(core, Run.Nobody, HttpMethod.Post, Invokers, CoreFixture.Onboarding(party), credential: true);

    internal Task<HttpResponseMessage> OffboardAsync(Uri core, DemoParty party) =>
        SendAsync(core, party, HttpMethod.Delete, $"{Invokers}/{party.Id}");

    internal Task<HttpResponseMessage> DiscoverAsync(Uri core, DemoParty party) =>
        SendAsync(core, party, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={party.Id}");

    /// <summary>Returns when the AEF's notification destination was told that this API invoker is offboarded.</summary>
    internal async Task AefIsToldAsync(string apiInvokerId)
    {
        while (true)
        {
            var notification = await _fixture.Receiver.NextAsync(Patience, default);
            if (notification["events"]?.GetValue<string>() == "API_INVOKER_OFFBOARDED"
                && notification["eventDetail"]?["apiInvokerIds"]?[0]?.GetValue<string>() == apiInvokerId)
            {
                return;
            }
        }
    }

    /// <summary>Whether the certificate is on the revocation list that the core function serves.</summary>
    internal async Task<bool> IsOnRevocationListAsync(Uri core, DemoParty party)
    {
        using var answer = await SendAsync(core, Run.Nobody, HttpMethod.Get, "/pki/issuing.crl");
        var list = CertificateRevocationListBuilder.Load(await answer.Content.ReadAsByteArrayAsync(), out _);
        return list.RemoveEntry(Convert.FromHexString(party.SerialNumber));
    }

    /// <summary>Returns when the data folder holds no row of this grain.</summary>
    internal async Task NoRowIsLeftAsync(string table, string grainType, string key)
    {
        // Nothing signals that a row is gone: it is looked for until then.
        using var patience = new CancellationTokenSource(Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await RowsAsync(table, grainType, key) > 0)
            await again.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>How many rows a table of the state has for this grain; every key where that is null.</summary>
    internal Task<long> RowsAsync(string table, string grainType, string? key) => CoreHost.RowsAsync(Folder, table == "reminders", grainType, key);
}
