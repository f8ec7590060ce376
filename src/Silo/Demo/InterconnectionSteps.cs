using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>The steps of <see cref="InterconnectionRun"/>, each checked.</summary>
internal static class InterconnectionSteps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The shared service API; the one of ProviderSteps is A's own.
    private static string Name(InterconnectionRun run) => "shared-" + run.A.ApiName;

    public static Task InterconnectAsync(InterconnectionRun run, CancellationToken cancellationToken) => run.A.CheckAsync(
        "the operators make each other peers", "33.122 6.6", async () =>
        {
            var atA = await run.CoreA.Administration.SetPeerAsync(InterconnectionRun.Describe(InterconnectionRun.CcfB, run.CoreB), cancellationToken);
            var atB = await run.CoreB.Administration.SetPeerAsync(InterconnectionRun.Describe(InterconnectionRun.CcfA, run.CoreA), cancellationToken);
            DemoFailure.Unless(atA.Refusal is null && atB.Refusal is null, "either takes the other for a peer");
            return "peer add, with the other's root certificate, at either";
        });

    public static async Task<string> ShareAsync(InterconnectionRun run, CancellationToken cancellationToken)
    {
        var answer = await run.A.Http.SendAsync(run.A.Apf, new DemoRequest(
            "publish, shared with B's domain", "29.222 5.3.2.2, 8.2.4.2.8", HttpMethod.Post,
            run.A.Core($"/published-apis/v1/{run.A.Apf.Id}/service-apis"), HttpStatusCode.Created)
        {
            Content = DemoRequest.Json(new JsonObject
            {
                ["apiName"] = Name(run),
                ["aefProfiles"] = new JsonArray(new JsonObject
                {
                    ["aefId"] = run.A.Aef.Id,
                    ["versions"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1" }),
                    ["securityMethods"] = new JsonArray("OAUTH", "PKI"),
                    ["domainName"] = "aef.operator-a.example",
                }),
                ["shareableInfo"] = new JsonObject { ["isShareable"] = true, ["capifProvDoms"] = new JsonArray(InterconnectionRun.DomainB) },
                ["supportedFeatures"] = "0",
            }),
        }, cancellationToken);
        return answer.Text("apiId");
    }

    public static async Task DiscoverAsync(InterconnectionRun run, CancellationToken cancellationToken)
    {
        await run.B.CheckAsync("it reaches B", "29.222 5.3.2.2.3", async () =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            while ((await run.CoreB.Administration.ShowPeerAsync(InterconnectionRun.CcfA, cancellationToken)).Peer is not { Received: > 0 })
                await Task.Delay(50, patience.Token);
            return $"POST /published-apis/v1/{InterconnectionRun.CcfA}/service-apis at B";
        });
        var found = await run.B.Http.SendAsync(run.B.Invoker, new DemoRequest(
            "discover at B", "29.222 5.2.2.2", HttpMethod.Get,
            run.B.Core($"/service-apis/v1/allServiceAPIs?api-invoker-id={run.B.Invoker.Id}&api-name={Name(run)}"), HttpStatusCode.OK), cancellationToken);
        var api = found.Body!["serviceAPIDescriptions"]![0]!;
        DemoFailure.Unless(api["ccfId"]!.GetValue<string>() == InterconnectionRun.CcfA, "the service API is of ccf-a");
        DemoFailure.Unless(api["aefProfiles"]![0]!["aefId"]!.GetValue<string>() == run.A.Aef.Id, "its AEF is A's");
        await run.B.Http.SendAsync(run.B.Invoker, new DemoRequest(
            "what A did not share is not there", "29.222 8.2.4.2.8", HttpMethod.Get,
            run.B.Core($"/service-apis/v1/allServiceAPIs?api-invoker-id={run.B.Invoker.Id}&api-name={run.A.ApiName}"), HttpStatusCode.NotFound), cancellationToken);
    }

    public static async Task RefusedWithoutPolicyAsync(InterconnectionRun run, CancellationToken cancellationToken)
    {
        DemoFailure.Unless(
            await NegotiateAsync(run, "OAUTH", "negotiate: A selects none", cancellationToken) is null, "no method is selected where A's operator allowed nothing");
        await run.A.Http.SendAsync(run.A.Aef, Question(run, "AEF of A asks: nothing", HttpStatusCode.NotFound), cancellationToken);
    }

    public static async Task TokenAsync(InterconnectionRun run, CancellationToken cancellationToken)
    {
        DemoFailure.Unless(await NegotiateAsync(run, "OAUTH", "negotiate through B: A selects", cancellationToken) == "OAUTH", "A selects OAUTH");
        var scope = $"3gpp#{run.A.Aef.Id}:{Name(run)}";
        var answer = await run.B.Http.SendAsync(run.B.Invoker, new DemoRequest(
            "token through B", "33.122 6.X.3.2", HttpMethod.Post, run.B.Core($"/capif-security/v1/securities/{run.B.Invoker.Id}/token"), HttpStatusCode.OK)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = run.B.Invoker.Id,
                ["scope"] = scope,
            }),
        }, cancellationToken);
        var keys = await run.A.Http.SendAsync(run.A.Nobody, new DemoRequest(
            "fetch A's keys", "RFC 7517 5", HttpMethod.Get, run.A.Core("/.well-known/jwks.json"), HttpStatusCode.OK), cancellationToken);
        await run.A.CheckAsync("the token is signed by A, for its AEF, and says whose", "33.122 6.X.3.2", () =>
        {
            var claims = DemoToken.Verify(answer.Text("access_token"), keys.Body!);
            DemoFailure.Unless(claims["client_id"]!.GetValue<string>() == run.B.Invoker.Id, "client_id is the apiInvokerId");
            DemoFailure.Unless(claims["ccfId"]!.GetValue<string>() == InterconnectionRun.CcfB, "ccfId is ccf-b");
            DemoFailure.Unless(claims["scope"]!.GetValue<string>() == scope, "the scope is the one asked for");
            return Task.FromResult("client_id, ccfId, scope");
        });
        var asked = await run.A.Http.SendAsync(run.A.Aef, Question(run, "AEF of A asks A", HttpStatusCode.OK), cancellationToken);
        DemoFailure.Unless(asked.Body!["securityInfo"]![0]!["authorizationInfo"] is not null, "A answers with its keys");
    }

    public static async Task PkiAsync(InterconnectionRun run, CancellationToken cancellationToken)
    {
        DemoFailure.Unless(await NegotiateAsync(run, "PKI", "negotiate anew, with PKI", cancellationToken) == "PKI", "A selects PKI");
        var asked = await run.A.Http.SendAsync(run.A.Aef, Question(run, "AEF of A asks A, and A asks B", HttpStatusCode.OK), cancellationToken);
        await run.A.CheckAsync("what comes is the authority of B's API invokers", "33.122 6.X.3.1", () =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(asked.Body!["securityInfo"]![0]!["authenticationInfo"]!.GetValue<string>());
            DemoFailure.Unless(authorities.Contains(run.B.Target.Root), "B's root certificate is among them");
            return Task.FromResult(run.B.Target.Root.Subject);
        });
    }

    public static async Task OffboardAsync(InterconnectionRun run, NotificationReceiver receiver, CancellationToken cancellationToken)
    {
        await run.B.Http.SendAsync(run.B.Invoker, new DemoRequest(
            "offboard at B", "33.122 6.8", HttpMethod.Delete,
            run.B.Core($"/api-invoker-management/v1/onboardedInvokers/{run.B.Invoker.Id}"), HttpStatusCode.NoContent), cancellationToken);
        await run.A.CheckAsync("the AEF of A is told", "33.122 6.8 steps 7-10, 23.222 8.25.3.10", async () =>
        {
            var notification = await receiver.NextAsync(Patience, cancellationToken);
            DemoFailure.Unless(
                notification["events"]?.GetValue<string>() == "API_INVOKER_OFFBOARDED"
                && notification["eventDetail"]?["apiInvokerIds"]?[0]?.GetValue<string>() == run.B.Invoker.Id, "the event names B's API invoker");
            return "API_INVOKER_OFFBOARDED";
        });
        await run.A.Http.SendAsync(run.A.Aef, Question(run, "AEF of A asks: nothing any more", HttpStatusCode.NotFound), cancellationToken);
    }

    private static DemoRequest Question(InterconnectionRun run, string what, HttpStatusCode expected) => new(
        what, "33.122 6.X.3.1, 29.222 5.6.2.4", HttpMethod.Get,
        run.A.Core($"/capif-security/v1/trustedInvokers/{run.B.Invoker.Id}?authenticationInfo=true&authorizationInfo=true&ccf-id={InterconnectionRun.CcfB}"), expected);

    private static async Task<string?> NegotiateAsync(InterconnectionRun run, string method, string what, CancellationToken cancellationToken)
    {
        var answer = await run.B.Http.SendAsync(run.B.Invoker, new DemoRequest(
            what, "33.122 6.X.2, 29.222 5.6.2.2", HttpMethod.Put, run.B.Core($"/capif-security/v1/trustedInvokers/{run.B.Invoker.Id}"), HttpStatusCode.Created)
        {
            Content = DemoRequest.Json(new JsonObject
            {
                ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = run.A.Aef.Id, ["prefSecurityMethods"] = new JsonArray(method) }),
                ["notificationDestination"] = "https://127.0.0.1:9/revocations",
                ["supportedFeatures"] = "0",
            }),
        }, cancellationToken);
        return answer.Body!["securityInfo"]![0]!["selSecurityMethod"]?.GetValue<string>();
    }
}
