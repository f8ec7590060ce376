using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>What the provider does: enrol, register its three functions, publish, subscribe, and in the end deregister.</summary>
internal static class ProviderSteps
{
    public static async Task RunAsync(DemoRun run, NotificationReceiver receiver, CancellationToken cancellationToken)
    {
        await EnrolAsync(run, cancellationToken);
        await RegisterAsync(run, cancellationToken);
        await PublishAsync(run, cancellationToken);
        await SubscribeAsync(run, receiver, cancellationToken);
    }

    public static async Task DeregisterAsync(DemoRun run, CancellationToken cancellationToken)
    {
        await run.Http.SendAsync(run.Amf, new DemoRequest(
            "deregister the provider", "29.222 5.11.2.4", HttpMethod.Delete,
            run.Core($"/api-provider-management/v1/registrations/{run.ApiProvDomId}"), HttpStatusCode.NoContent), cancellationToken);
    }

    /// <summary>Gets the enrolment credential.</summary>
    public static async Task EnrolAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{run.Target.UserName}:{run.Target.Password}"));
        var answer = await run.Http.SendAsync(run.Nobody, new DemoRequest(
            "get the enrolment credential", "33.122 6.1 step 1", HttpMethod.Get, new Uri(run.Target.Enrolment, "/getauth"), HttpStatusCode.OK)
        {
            Authorization = new AuthenticationHeaderValue("Basic", basic),
        }, cancellationToken);
        run.Credential = answer.Text("access_token");
    }

    private static async Task RegisterAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var parties = new[] { ("AMF", run.Amf), ("APF", run.Apf), ("AEF", run.Aef) };
        var functions = new JsonArray();
        foreach (var (role, party) in parties)
        {
            functions.Add(new JsonObject
            {
                ["regInfo"] = new JsonObject { ["apiProvPubKey"] = party.SigningRequest() },
                ["apiProvFuncRole"] = role,
                ["apiProvFuncInfo"] = $"demo-{party.Name}",
            });
        }

        var answer = await run.Http.SendAsync(run.Nobody, new DemoRequest(
            "register AMF, APF and AEF by three CSRs", "29.222 5.11.2.2", HttpMethod.Post,
            run.Core("/api-provider-management/v1/registrations"), HttpStatusCode.Created)
        {
            Authorization = new AuthenticationHeaderValue("Bearer", run.Credential),
            Content = DemoRequest.Json(new JsonObject
            {
                ["regSec"] = run.Credential,
                ["apiProvFuncs"] = functions,
                ["apiProvDomInfo"] = "demonstration provider",
                ["suppFeat"] = "0",
            }),
        }, cancellationToken);
        run.ApiProvDomId = answer.Text("apiProvDomId");
        foreach (var function in answer.Body!["apiProvFuncs"]!.AsArray())
        {
            var party = parties.Single(one => one.Item1 == function!["apiProvFuncRole"]!.GetValue<string>()).Item2;
            party.Accept(function!["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
        }
    }

    private static async Task PublishAsync(DemoRun run, CancellationToken cancellationToken)
    {
        var answer = await run.Http.SendAsync(run.Apf, new DemoRequest(
            "publish a service API", "29.222 5.3.2.2", HttpMethod.Post,
            run.Core($"/published-apis/v1/{run.Apf.Id}/service-apis"), HttpStatusCode.Created)
        {
            Content = DemoRequest.Json(new JsonObject
            {
                ["apiName"] = run.ApiName,
                ["aefProfiles"] = new JsonArray(new JsonObject
                {
                    ["aefId"] = run.Aef.Id,
                    ["versions"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["resources"] = new JsonArray(new JsonObject
                        {
                            ["resourceName"] = "subscriptions",
                            ["commType"] = "REQUEST_RESPONSE",
                            ["uri"] = "/subscriptions",
                            ["operations"] = new JsonArray("GET", "POST"),
                        }),
                    }),
                    ["protocol"] = "HTTP_1_1",
                    ["dataFormat"] = "JSON",
                    ["securityMethods"] = new JsonArray("OAUTH"),
                    ["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "127.0.0.1", ["port"] = 8444 }),
                }),
                ["description"] = "a service API of the demonstration",
                ["supportedFeatures"] = "0",
            }),
        }, cancellationToken);
        run.ApiId = answer.Text("apiId");
        DemoFailure.Unless(answer.Headers.Location?.AbsolutePath.EndsWith(run.ApiId, StringComparison.Ordinal) == true, "Location names the apiId");
    }

    private static async Task SubscribeAsync(DemoRun run, NotificationReceiver receiver, CancellationToken cancellationToken)
    {
        await run.Http.SendAsync(run.Aef, new DemoRequest(
            "AEF subscribes to offboarded invokers", "29.222 5.4.2.2", HttpMethod.Post,
            run.Core($"/capif-events/v1/{run.Aef.Id}/subscriptions"), HttpStatusCode.Created)
        {
            Content = DemoRequest.Json(new JsonObject
            {
                ["events"] = new JsonArray("API_INVOKER_OFFBOARDED"),
                ["notificationDestination"] = receiver.Destination.ToString(),
                ["supportedFeatures"] = "4",
            }),
        }, cancellationToken);
    }
}
