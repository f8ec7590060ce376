using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Client;
using SecurityMethod = CapifOrleans.Publish.SecurityMethod;

namespace CapifOrleans.Silo.Demo.ByMethod;

/// <summary>
/// An API invoker's whole life by one security method, through the reference AEF to a service behind it; the API invoker is the client library
/// (src/Client). Every step is checked; the first thing that does not hold ends the run.
/// </summary>
internal sealed class MethodRun(DemoRun run, SecurityMethod method, DemoCertificate certificate, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it; false, with the reason printed, where something did not hold.</summary>
    public Task<bool> RunAsync(CancellationToken cancellationToken) => run.HoldsAsync(async () =>
    {
        await using var upstream = await DemoUpstream.StartAsync(cancellationToken);
        run.Title("The API provider, its AEF and the service behind it");
        await using var exposure = await ExposeAsync(upstream, cancellationToken);
        run.Title($"The API invoker, by method {WireName(method)}");
        using var invoker = await OnboardAsync(cancellationToken);
        var api = await DiscoverAsync(invoker, exposure, cancellationToken);
        await NegotiateAsync(invoker, exposure, cancellationToken);
        using (var http = invoker.CreateClient(api))
        {
            await CallAsync(http, invoker, upstream, cancellationToken);
            await RefusalSteps.StrangerAsync(run, http.BaseAddress!, method, invoker.ApiInvokerId, cancellationToken);
            using var amf = exposure.Amf(run.Target.Root);
            run.Title("Invocation log and audit");
            await AuditAsync(amf, exposure, invoker.ApiInvokerId, cancellationToken);
            run.Title("Offboarding");
            await RefusalSteps.OffboardAsync(run, invoker, api, StateFile, cancellationToken);
            run.Title("The provider leaves as well");
            await run.Http.SendAsync(amf, new DemoRequest(
                "deregister the provider", "29.222 5.11.2.4", HttpMethod.Delete,
                run.Core($"/api-provider-management/v1/registrations/{exposure.ApiProvDomId}"), HttpStatusCode.NoContent), cancellationToken);
        }
    });

    private string StateFile => Path.Combine(folder, "invoker.json");

    private ApiInvokerOptions Options => new()
    {
        NotificationDestination = new Uri("https://127.0.0.1:9/notifications"),
        ApiInvokerInformation = "demonstration invoker",
        PreferredMethods = [.. new[] { Same(method) }.Concat(Enum.GetValues<Client.SecurityMethod>()).Distinct()],
        StateFile = StateFile,
    };

    private async Task<DemoExposure> ExposeAsync(DemoUpstream upstream, CancellationToken cancellationToken)
    {
        await ProviderSteps.EnrolAsync(run, cancellationToken);
        var configuration = DemoExposure.Configure(run.Target, folder, upstream.Address, run.ApiName, method);
        Aef.Configuration.AefRegistration registration = null!;
        await run.CheckAsync("register, publish and subscribe", "29.222 5.11, 5.3, 5.4", async () =>
        {
            registration = await DemoExposure.RegisterAsync(configuration, run.Credential, cancellationToken);
            return $"AEF {registration.AefId}, service API {registration.ServiceApis[run.ApiName]}";
        });
        DemoExposure exposure = null!;
        await run.CheckAsync("start the AEF before its service", "23.222 6.3.4", async () =>
        {
            exposure = await DemoExposure.StartAsync(run.Target, configuration, registration, certificate.Certificate, certificate.Chain, cancellationToken);
            return $"{exposure.Address} -> {upstream.Address}service/v1";
        });
        return exposure;
    }

    private async Task<ApiInvoker> OnboardAsync(CancellationToken cancellationToken)
    {
        ApiInvoker invoker = null!;
        await run.CheckAsync("onboard", "33.122 6.1, 29.222 5.5.2.2", async () =>
        {
            var information = new EnrolmentInformation { Core = run.Target.Core, Roots = [run.Target.Root], Credential = run.Credential };
            invoker = await ApiInvoker.OnboardAsync(information, Options, cancellationToken);
            using var own = invoker.Certificate;
            DemoFailure.Unless(own.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false) == invoker.ApiInvokerId, "the certificate has the apiInvokerId as common name");
            return $"apiInvokerId {invoker.ApiInvokerId}";
        });
        return invoker;
    }

    private async Task<ServiceApiDescription> DiscoverAsync(ApiInvoker invoker, DemoExposure exposure, CancellationToken cancellationToken)
    {
        ServiceApiDescription api = null!;
        await run.CheckAsync("discover by name", "29.222 5.2.2.2", async () =>
        {
            var found = await invoker.DiscoverAsync(new DiscoveryFilter { ApiName = run.ApiName }, cancellationToken);
            DemoFailure.Unless(found.Count == 1, "discovery finds the published service API, and only it");
            api = found[0];
            var address = invoker.AddressOf(api);
            DemoFailure.Unless(exposure.Address.IsBaseOf(address), "its address is the AEF's");
            return address.ToString();
        });
        return api;
    }

    private Task NegotiateAsync(ApiInvoker invoker, DemoExposure exposure, CancellationToken cancellationToken) =>
        run.CheckAsync("negotiate the security method", "33.122 6.3.1.2, 29.222 5.6.2.2", async () =>
        {
            var selected = await invoker.NegotiateAsync([exposure.AefId], cancellationToken);
            DemoFailure.Unless(selected[exposure.AefId] == Same(method), $"{WireName(method)} is selected, as it is what the AEF offers");
            return $"selSecurityMethod {WireName(method)}";
        });

    private async Task CallAsync(HttpClient http, ApiInvoker invoker, DemoUpstream upstream, CancellationToken cancellationToken)
    {
        var (what, clause) = method switch
        {
            SecurityMethod.Psk => ("call over TLS-PSK, by the AEFPSK derived here", "33.122 6.5.2.1, A.1"),
            SecurityMethod.Pki => ("call over mutual TLS", "33.122 6.5.2.2"),
            _ => ("call with an access token", "33.122 6.5.2.3, Annex C"),
        };
        await run.CheckAsync(what, clause, async () =>
        {
            using var body = new StringContent("over CAPIF-2e", Encoding.UTF8, "text/plain");
            using var answer = await http.PostAsync(new Uri("echo", UriKind.Relative), body, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            DemoFailure.Unless(answer.StatusCode == HttpStatusCode.OK && text == "over CAPIF-2e", $"the service's answer comes back; it was {(int)answer.StatusCode} {text}");
            var seen = upstream.Requests.Last();
            DemoFailure.Unless(seen.GetValueOrDefault("CAPIF-API-Invoker-Id") == invoker.ApiInvokerId, "the service is told who invokes it");
            DemoFailure.Unless(!seen.ContainsKey("Authorization"), "the service gets no token");
            return $"POST {http.BaseAddress!.AbsolutePath}echo 200";
        });
        await run.CheckAsync("four million octets there and back", clause, async () =>
        {
            var octets = RandomNumberGenerator.GetBytes(4_000_000);
            using var content = new ByteArrayContent(octets);
            using var answer = await http.PostAsync(new Uri("echo", UriKind.Relative), content, cancellationToken);
            var back = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            DemoFailure.Unless(octets.AsSpan().SequenceEqual(back), "what was sent comes back");
            return "the same octets";
        });
    }

    /// <summary>The AEF logs by itself, a moment later; so the question is asked until the answer is there.</summary>
    private Task AuditAsync(DemoParty amf, DemoExposure exposure, string apiInvokerId, CancellationToken cancellationToken) =>
        run.CheckAsync("AMF audits what the AEF logged", "29.222 5.8.2.2, 5.9.2.2", async () =>
        {
            var path = run.Core($"/logs/v1/apiInvocationLogs?aef-id={exposure.AefId}&api-invoker-id={apiInvokerId}&api-name={run.ApiName}");
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(Patience);
            using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            try
            {
                do
                {
                    using var answer = await amf.Client.GetAsync(path, timeout.Token);
                    var text = await answer.Content.ReadAsStringAsync(timeout.Token);
                    if (answer.StatusCode == HttpStatusCode.OK && JsonNode.Parse(text)!["logs"]!.AsArray() is { Count: 2 } logs)
                    {
                        DemoFailure.Unless(logs.All(one => one!["result"]!.GetValue<string>() == "200"), "the audit finds the two calls as they were answered");
                        return string.Create(CultureInfo.InvariantCulture, $"{logs.Count} entries, result 200");
                    }
                }
                while (await again.WaitForNextTickAsync(timeout.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Said below.
            }

            throw new DemoFailure($"the audit finds the two calls within {Patience.TotalSeconds:F0} s");
        });

    private static Client.SecurityMethod Same(SecurityMethod one) => Enum.Parse<Client.SecurityMethod>(one.ToString());

    private static string WireName(SecurityMethod one) => Json.WireNames.Of(one);
}
