using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>The AEF logs an invocation, the AMF audits it.</summary>
internal static class LogSteps
{
    public static async Task RunAsync(DemoRun run, CancellationToken cancellationToken)
    {
        await run.Http.SendAsync(run.Aef, new DemoRequest(
            "AEF logs an invocation", "29.222 5.8.2.2", HttpMethod.Post,
            run.Core($"/api-invocation-logs/v1/{run.Aef.Id}/logs"), HttpStatusCode.Created)
        {
            Content = DemoRequest.Json(new JsonObject
            {
                ["aefId"] = run.Aef.Id,
                ["apiInvokerId"] = run.Invoker.Id,
                ["logs"] = new JsonArray(new JsonObject
                {
                    ["apiId"] = run.ApiId,
                    ["apiName"] = run.ApiName,
                    ["apiVersion"] = "v1",
                    ["resourceName"] = "subscriptions",
                    ["uri"] = "/subscriptions",
                    ["protocol"] = "HTTP_1_1",
                    ["operation"] = "GET",
                    ["result"] = "200",
                    ["invocationTime"] = "2026-01-02T03:04:05.678Z",
                    ["invocationLatency"] = 12,
                }),
                ["supportedFeatures"] = "0",
            }),
        }, cancellationToken);
        var answer = await run.Http.SendAsync(run.Amf, new DemoRequest(
            "AMF audits", "29.222 5.9.2.2", HttpMethod.Get,
            run.Core($"/logs/v1/apiInvocationLogs?aef-id={run.Aef.Id}&api-invoker-id={run.Invoker.Id}"), HttpStatusCode.OK), cancellationToken);
        var logs = answer.Body!["logs"]!.AsArray();
        DemoFailure.Unless(
            logs.Count == 1 && logs[0]!["invocationTime"]!.GetValue<string>() == "2026-01-02T03:04:05.678Z", "the audit finds the entry as it was logged");
    }
}
