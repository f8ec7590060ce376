using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Cluster;

/// <summary>
/// Callers that onboard, choose a security method, get a token, discover and offboard, again and again, at several frontends: where one does not
/// answer, a caller goes to the next, as behind a load balancer. It keeps what was acknowledged.
/// </summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private const int Callers = 4;
    private const string Invokers = "/api-invoker-management/v1/onboardedInvokers";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DemoRun _run;
    private readonly Uri[] _frontends;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, DemoParty> _onboarded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DemoParty> _offboarded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _serials = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(string What, int Status, TimeSpan Took)> _answers = [];
    private readonly ConcurrentBag<string> _wrong = [];
    private readonly SemaphoreSlim _rounds = new(0);
    private readonly Task[] _callers;

    public ClusterLoad(DemoRun run, Uri[] frontends)
    {
        _run = run;
        _frontends = frontends;
        _callers = [.. Enumerable.Range(0, Callers).Select(number => Task.Run(() => CallAsync(number)))];
    }

    /// <summary>Who was onboarded, and not offboarded since, with an answer that said so.</summary>
    public IReadOnlyCollection<DemoParty> Onboarded => [.. _onboarded.Values];

    /// <summary>Who was offboarded, with an answer that said so.</summary>
    public IReadOnlyCollection<DemoParty> Offboarded => [.. _offboarded.Values];

    /// <summary>Returns when so many rounds of callers came to their ends.</summary>
    public async Task RoundsAsync(int count)
    {
        for (var round = 0; round < count; round++)
        {
            if (!await _rounds.WaitAsync(Patience))
                throw new InvalidOperationException("The load does not go on: " + Report());
        }
    }

    /// <summary>Ends when the rounds that run are over.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
    }

    /// <summary>What was acknowledged is so: who is onboarded may discover, who was offboarded may not, and no answer was a wrong one.</summary>
    public async Task HoldsAsync(Uri frontend)
    {
        Assert.Empty(_wrong);
        foreach (var party in Onboarded)
        {
            using var answer = await DiscoverAsync(frontend, party);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{party.Id} was onboarded: {(int)answer.StatusCode}");
        }

        foreach (var party in Offboarded)
        {
            using var answer = await DiscoverAsync(frontend, party);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{party.Id} was offboarded: {(int)answer.StatusCode}");
        }
    }

    /// <summary>How many of each answer there were, and how long they took.</summary>
    public string Report()
    {
        var took = _answers.Select(one => one.Took).Order().ToArray();
        var text = new StringBuilder();
        foreach (var group in _answers.GroupBy(one => (one.What, one.Status)).OrderBy(one => one.Key))
            text.AppendLine(CultureInfo.InvariantCulture, $"{group.Key.What} {group.Key.Status}: {group.Count()}");
        if (took.Length > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"{took.Length} answers; median {took[took.Length / 2].TotalMilliseconds:F0} ms, 99 % {took[(int)(took.Length * 0.99)].TotalMilliseconds:F0} ms, longest {took[^1].TotalMilliseconds:F0} ms");
        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var party in Onboarded.Concat(Offboarded))
            party.Dispose();
        _stop.Dispose();
        _rounds.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        for (var round = caller; !_stop.IsCancellationRequested; round++)
        {
            var party = new DemoParty("invoker", _run.Target.Root);
            try
            {
                await RoundAsync(round, party);
            }
            catch (Exception fault)
            {
                _wrong.Add(fault.ToString());
            }

            _rounds.Release();
        }
    }

    private async Task RoundAsync(int round, DemoParty party)
    {
        using (var onboarding = await AnswerAsync(round, "onboard", () => Request(HttpMethod.Post, Invokers, CoreFixture.Onboarding(party), true), _run.Nobody))
        {
            // One that was told to come back later does not come back: nothing is known of it.
            if (onboarding.StatusCode != HttpStatusCode.Created)
                return;
            var body = await CoreFixture.JsonAsync(onboarding);
            party.Accept(body["apiInvokerId"]!.GetValue<string>(), body["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        }

        if (!_serials.TryAdd(party.SerialNumber, 0))
            _wrong.Add($"The serial number {party.SerialNumber} was issued twice.");
        _onboarded[party.Id] = party;
        await AnsweredAsync(round, "security method", party, HttpMethod.Put, $"/capif-security/v1/trustedInvokers/{party.Id}", new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = _run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
            ["supportedFeatures"] = "0",
        });
        await AnsweredAsync(round, "discover", party, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={party.Id}", null);
        if (round % 2 == 0)
            return;
        // From now on neither is known, until it is answered.
        _onboarded.TryRemove(party.Id, out _);
        using var offboarding = await AnswerAsync(round, "offboard", () => Request(HttpMethod.Delete, $"{Invokers}/{party.Id}", null, false), party);
        if (offboarding.StatusCode is HttpStatusCode.NoContent)
            _offboarded[party.Id] = party;
    }

    private async Task AnsweredAsync(int round, string what, DemoParty party, HttpMethod method, string path, JsonNode? body)
    {
        using var answer = await AnswerAsync(round, what, () => Request(method, path, body, false), party);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            _wrong.Add($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonNode? body, bool credential)
    {
        var request = new HttpRequestMessage(method, path);
        if (credential)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _run.Credential);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return request;
    }

    private async Task<HttpResponseMessage> AnswerAsync(int round, string what, Func<HttpRequestMessage> make, DemoParty party)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            using var request = make();
            request.RequestUri = new Uri(_frontends[(round + attempt) % _frontends.Length], request.RequestUri!);
            try
            {
                var answer = await party.Client.SendAsync(request);
                _answers.Add((what, (int)answer.StatusCode, Stopwatch.GetElapsedTime(started)));
                return answer;
            }
            catch (HttpRequestException) when (attempt < 5)
            {
                // That frontend is gone: the next one.
            }
        }
    }

    private Task<HttpResponseMessage> DiscoverAsync(Uri frontend, DemoParty party) =>
        party.Client.GetAsync(new Uri(frontend, $"/service-apis/v1/allServiceAPIs?api-invoker-id={party.Id}"));
}
