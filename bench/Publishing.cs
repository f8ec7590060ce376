using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>Fills the catalog: providers with an APF that publishes some hundred service APIs each, as providers do.</summary>
internal static class Publishing
{
    private const int PerPublisher = 250;

    public static async Task PublishAsync(DemoRun run, int from, int count)
    {
        for (var done = 0; done < count; done += PerPublisher)
        {
            var (apf, aefId) = await RegisterAsync(run);
            using var apfEnd = apf;
            var most = Math.Min(PerPublisher, count - done);
            await Parallel.ForEachAsync(Enumerable.Range(from + done, most), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, cancellationToken) =>
                await run.Http.SendAsync(
                    apf,
                    new DemoRequest("publish", "", HttpMethod.Post, run.Core($"/published-apis/v1/{apf.Id}/service-apis"), HttpStatusCode.Created)
                    {
                        Content = DemoRequest.Json(new JsonObject
                        {
                            ["apiName"] = $"bench-{index}",
                            ["aefProfiles"] = new JsonArray(new JsonObject
                            {
                                ["aefId"] = aefId,
                                ["versions"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1" }),
                                ["protocol"] = "HTTP_1_1",
                                ["dataFormat"] = "JSON",
                                ["securityMethods"] = new JsonArray("OAUTH"),
                                ["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "127.0.0.1", ["port"] = 8444 }),
                            }),
                            ["supportedFeatures"] = "0",
                        }),
                    },
                    cancellationToken));
        }
    }

    private static async Task<(DemoParty Apf, string AefId)> RegisterAsync(DemoRun run)
    {
        using var amf = new DemoParty("amf", run.Target.Root);
        using var aef = new DemoParty("aef", run.Target.Root);
        var apf = new DemoParty("apf", run.Target.Root);
        JsonObject Function(string role, DemoParty party) => new()
        {
            ["regInfo"] = new JsonObject { ["apiProvPubKey"] = party.SigningRequest() },
            ["apiProvFuncRole"] = role,
        };
        var answer = await run.Http.SendAsync(
            run.Nobody,
            new DemoRequest("register", "", HttpMethod.Post, run.Core("/api-provider-management/v1/registrations"), HttpStatusCode.Created)
            {
                Authorization = new AuthenticationHeaderValue("Bearer", run.Credential),
                Content = DemoRequest.Json(new JsonObject
                {
                    ["regSec"] = "bench",
                    ["apiProvFuncs"] = new JsonArray(Function("AMF", amf), Function("APF", apf), Function("AEF", aef)),
                    ["suppFeat"] = "0",
                }),
            },
            default);
        var function = answer.Body!["apiProvFuncs"]![1]!;
        apf.Accept(function["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
        return (apf, answer.Body!["apiProvFuncs"]![2]!["apiProvFuncId"]!.GetValue<string>());
    }
}
