using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>What the API invoker does until it may call the service API: onboard, discover, negotiate, get a token.</summary>
internal static class InvokerSteps
{
    public static async Task RunAsync(DemoRun run, CancellationToken cancellationToken)
    {
        await OnboardAsync(run, cancellationToken);
        await DiscoverAsync(run, cancellationToken);
        await NegotiateAsync(run, cancellationToken);
        await GetTokenAsync(run, cancellationToken);
        await AefFetchesAsync(run, cancellationToken);
    }

    /// <summary>The discovery of the demonstration's service API by the invoker.</summary>
    public static DemoRequest Discovery(DemoRun run, string what, HttpStatusCode expected) => new(
        what, "29.222 5.2.2.2", HttpMethod.Get,
        run.Core($"/service-apis/v1/allServiceAPIs?api-invoker-id={run.Invoker.Id}&api-name={run.ApiName}"), expected);

    /// <summary>The token request of the invoker.</summary>
    public static DemoRequest Token(DemoRun run, string what, HttpStatusCode expected) => new(
        what, "29.222 5.6.2.3, 33.122 C.3", HttpMethod.Post,
        run.Core($"/capif-security/v1/securities/{run.Invoker.Id}/token"), expected)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = run.Invoker.Id,
            ["scope"] = $"3gpp#{run.Aef.Id}:{run.ApiName}",
        }),
    };

    /// <summary>The security context that the invoker asks for.</summary>
    public static DemoRequest Negotiation(DemoRun run, string what, HttpStatusCode expected) => new(
        what, "33.122 6.3.1.2, 29.222 5.6.2.2", HttpMethod.Put,
        run.Core($"/capif-security/v1/trustedInvokers/{run.Invoker.Id}"), expected)
    {
        Content = DemoRequest.Json(new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject
            {
                ["aefId"] = run.Aef.Id,
                ["prefSecurityMethods"] = new JsonArray("OAUTH", "PKI"),
            }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
            ["supportedFeatures"] = "0",
        }),
    };

    /// <summary>The AEF's question for the invoker's security information.</summary>
    public static DemoRequest SecurityInformation(DemoRun run, string what, HttpStatusCode expected) => new(
        what, "29.222 5.6.2.4", HttpMethod.Get,
        run.Core($"/capif-security/v1/trustedInvokers/{run.Invoker.Id}?authenticationInfo=true&authorizationInfo=true"), expected);

    /// <summary>Onboards the API invoker.</summary>
    public static async Task OnboardAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(run.Nobody, new DemoRequest(
            "onboard", "33.122 6.1, 29.222 5.5.2.2", HttpMethod.Post,
            run.Core("/api-invoker-management/v1/onboardedInvokers"), HttpStatusCode.Created)
        {
            Authorization = new AuthenticationHeaderValue("Bearer", run.Credential),
            Content = DemoRequest.Json(new JsonObject
            {
                ["onboardingInformation"] = new JsonObject { ["apiInvokerPublicKey"] = run.Invoker.SigningRequest() },
                ["notificationDestination"] = "https://127.0.0.1:9/onboarding",
                ["apiInvokerInformation"] = "demonstration invoker",
                ["supportedFeatures"] = "0",
            }),
        }, cancellationToken);
        run.Invoker.Accept(answer.Text("apiInvokerId"), answer.Text("onboardingInformation", "apiInvokerCertificate"));
        DemoFailure.Unless(answer.Headers.ConnectionClose == true, "the TLS session of the onboarding is torn down after the answer (33.122 B.1)");
    }

    private static async Task DiscoverAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(run.Invoker, Discovery(run, "discover by name", HttpStatusCode.OK), cancellationToken);
        var found = answer.Body!["serviceAPIDescriptions"]!.AsArray();
        DemoFailure.Unless(found.Count == 1 && found[0]!["apiId"]!.GetValue<string>() == run.ApiId, "discovery finds the published service API, and only it");
    }

    private static async Task NegotiateAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(run.Invoker, Negotiation(run, "negotiate the security method", HttpStatusCode.Created), cancellationToken);
        DemoFailure.Unless(
            answer.Body!["securityInfo"]![0]!["selSecurityMethod"]!.GetValue<string>() == "OAUTH", "OAUTH is selected, as AEF and invoker both have it");
    }

    private static async Task GetTokenAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(run.Invoker, Token(run, "get an access token", HttpStatusCode.OK), cancellationToken);
        DemoFailure.Unless(answer.Text("token_type") == "Bearer", "the token is a Bearer token");
        var token = answer.Text("access_token");
        var keys = await run.Http.SendAsync(run.Aef, new DemoRequest(
            "AEF fetches the keys of tokens", "33.122 6.5.2.3 step 7", HttpMethod.Get, run.Core("/.well-known/jwks.json"), HttpStatusCode.OK),
            cancellationToken);
        await run.CheckAsync("the token verifies, and says what it should", "33.122 C.2.2", () =>
        {
            var claims = DemoToken.Verify(token, keys.Body!);
            DemoFailure.Unless(claims["client_id"]!.GetValue<string>() == run.Invoker.Id, "the token's client_id is the apiInvokerId");
            DemoFailure.Unless(claims["scope"]!.GetValue<string>() == $"3gpp#{run.Aef.Id}:{run.ApiName}", "the token's scope is the one asked for");
            return Task.FromResult("ES256, client_id, scope, exp");
        });
    }

    private static async Task AefFetchesAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(
            run.Aef, SecurityInformation(run, "AEF fetches the security information", HttpStatusCode.OK), cancellationToken);
        var entries = answer.Body!["securityInfo"]!.AsArray();
        DemoFailure.Unless(entries.Count == 1 && entries[0]!["aefId"]!.GetValue<string>() == run.Aef.Id, "the AEF gets its own entries only");
    }
}
