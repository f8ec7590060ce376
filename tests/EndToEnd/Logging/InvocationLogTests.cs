using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.EndToEnd.Security;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Logging;

/// <summary>CAPIF_Logging_API_Invocation_API and CAPIF_Auditing_API over TLS (29.222 5.8, 5.9, 8.7, 8.8).</summary>
[Collection(nameof(CoreCollection))]
public sealed class InvocationLogTests(CoreFixture core)
{
    private const string Audit = "/logs/v1/apiInvocationLogs";
    private readonly SecurityScenario _scenario = new(core);

    [Fact]
    public async Task WholeEntry_IsAuditedAsItWasLogged_ByEachFilter_29222_5_8_2_2_and_5_9_2_2()
    {
        using var invoker = await core.OnboardAsync();
        var (name, id) = await _scenario.PublishAsync();
        var entry = Entry(name, id);
        using var logged = await LogAsync(Body(invoker, entry, Other(name, id)));
        Assert.Equal(HttpStatusCode.Created, logged.StatusCode);
        Assert.Matches($"/api-invocation-logs/v1/{core.Run.Aef.Id}/logs/[0-9a-z]+$", logged.Headers.Location!.ToString());
        Assert.Equal(Body(invoker, entry, Other(name, id)).ToJsonString(), (await CoreFixture.JsonAsync(logged)).ToJsonString());

        foreach (var filter in new[]
        {
            $"api-id={id}&result=201", $"api-name={name}&operation=POST", "api-version=v1&protocol=HTTP_1_1", "resource-name=things", "operation=POST",
            "time-range-start=2026-01-02T03:04:05Z&time-range-end=2026-01-02T03:04:06Z",
            "src-interface=" + Uri.EscapeDataString(entry["srcInterface"]!.ToJsonString()),
            "dest-interface=" + Uri.EscapeDataString(entry["destInterface"]!.ToJsonString()),
            "net-slice-info=" + Uri.EscapeDataString("""[{"snssai":{"sst":1,"sd":"00AB01"}}]"""),
        })
        {
            using var answer = await core.SendAsync(
                core.Run.Amf, HttpMethod.Get, $"{Audit}?aef-id={core.Run.Aef.Id}&api-invoker-id={invoker.Id}&supported-features=2&{filter}");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, filter + text);
            Assert.Equal(Body(invoker, entry).ToJsonString(), JsonNode.Parse(text)!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("0", false, false)]
    [InlineData("1", true, false)]
    [InlineData("2", false, true)]
    [InlineData("3", true, true)]
    public async Task Features_TurnOnSeveralLogsAndSlices_8_8_6(string features, bool several, bool slices)
    {
        using var invoker = await core.OnboardAsync();
        var (name, id) = await _scenario.PublishAsync();
        using var logged = await LogAsync(Body(invoker, Entry(name, id)));

        using var answer = await core.SendAsync(core.Run.Amf, HttpMethod.Get, $"{Audit}?api-invoker-id={invoker.Id}&supported-features={features}");

        var body = await CoreFixture.JsonAsync(answer);
        Assert.Equal(several ? features : null, several ? body["supportedFeatures"]!.GetValue<string>() : null);
        var log = several ? Assert.Single(body["multipleInvocationLogs"]!.AsArray())! : body;
        Assert.Equal(slices, log["logs"]![0]!["netSliceInfo"] is not null);
    }

    [Theory]
    [InlineData("aefId")]
    [InlineData("apiInvokerId")]
    [InlineData("logs")]
    [InlineData("logs[0].apiId")]
    [InlineData("logs[0].apiName")]
    [InlineData("logs[0].apiVersion")]
    [InlineData("logs[0].resourceName")]
    [InlineData("logs[0].protocol")]
    [InlineData("logs[0].result")]
    public async Task MissingAttribute_400_NamesIt_8_7_4_2(string attribute)
    {
        var body = Body(core.Run.Invoker, Entry("name", "id"));
        if (attribute.StartsWith("logs[0].", StringComparison.Ordinal))
            body["logs"]![0]!.AsObject().Remove(attribute[8..]);
        else
            body.Remove(attribute);
        await CoreFixture.RefusedAsync(await LogAsync(body), HttpStatusCode.BadRequest, attribute);
    }

    [Theory]
    [InlineData("apiId", "1")]
    [InlineData("apiName", "{}")]
    [InlineData("apiVersion", "null")]
    [InlineData("resourceName", "[]")]
    [InlineData("uri", "1")]
    [InlineData("protocol", "\"HTTP_9\"")]
    [InlineData("operation", "\"GOT\"")]
    [InlineData("result", "200")]
    [InlineData("invocationTime", "\"yesterday\"")]
    [InlineData("invocationLatency", "-1")]
    [InlineData("invocationLatency", "1.5")]
    [InlineData("invocationLatency", "99999999999")]
    [InlineData("inputParameters", "null")]
    [InlineData("srcInterface", """{"port":1}""")]
    [InlineData("destInterface", """{"ipv4Addr":"192.0.2.1","fqdn":"a.example"}""")]
    [InlineData("fwdInterface", "true")]
    [InlineData("netSliceInfo", "{}")]
    [InlineData("netSliceInfo", """{"nsiId":"a","ensi":"b"}""")]
    [InlineData("netSliceInfo.snssai.sst", """{"snssai":{"sst":256}}""")]
    [InlineData("netSliceInfo.snssai.sd", """{"snssai":{"sst":1,"sd":"xyz"}}""")]
    public async Task WrongAttribute_400_NamesIt_8_7_4_2_3(string attribute, string value)
    {
        var entry = Entry("name", "id");
        entry[attribute.Split('.')[0]] = JsonNode.Parse(value);
        await CoreFixture.RefusedAsync(await LogAsync(Body(core.Run.Invoker, entry)), HttpStatusCode.BadRequest, "logs[0]." + attribute);
    }

    [Theory]
    [InlineData("time-range-start", "time-range-start=yesterday")]
    [InlineData("time-range-end", "time-range-start=2026-01-02T00:00:00Z&time-range-end=2026-01-01T00:00:00Z")]
    [InlineData("protocol", "protocol=HTTP_9")]
    [InlineData("operation", "operation=got")]
    [InlineData("src-interface", "src-interface=x")]
    [InlineData("dest-interface", "dest-interface={}")]
    [InlineData("supported-features", "supported-features=x")]
    [InlineData("net-slice-info", "supported-features=2&net-slice-info=[]")]
    [InlineData("net-slice-info", "supported-features=2&net-slice-info={}")]
    [InlineData("net-slice-info", "supported-features=2&net-slice-info=[{}]")]
    [InlineData("net-slice-info", "supported-features=1&net-slice-info=[{\"ensi\":\"e\"}]")]
    [InlineData("api-id", "api-id=a&api-id=b")]
    public async Task WrongParameter_400_NamesIt_8_8_2_2_3_1(string parameter, string query) =>
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Amf, HttpMethod.Get, $"{Audit}?{query}"), HttpStatusCode.BadRequest, parameter);

    [Fact]
    public async Task SameBatchAgain_IsTheSameLog_AndAKeyIsForOneBatch()
    {
        using var invoker = await core.OnboardAsync();
        var (name, id) = await _scenario.PublishAsync();
        var timeless = Other(name, id);
        timeless.Remove("invocationTime");

        Assert.Equal(await LocationAsync(Body(invoker, Entry(name, id))), await LocationAsync(Body(invoker, Entry(name, id))));
        Assert.Equal(await LocationAsync(Body(invoker, timeless.DeepClone()), invoker.Id), await LocationAsync(Body(invoker, timeless.DeepClone()), invoker.Id));
        Assert.NotEqual(await LocationAsync(Body(invoker, timeless.DeepClone())), await LocationAsync(Body(invoker, timeless.DeepClone())));
        await CoreFixture.RefusedAsync(await LogAsync(Body(invoker, Entry(name, id)), invoker.Id), HttpStatusCode.BadRequest, "Idempotency-Key");
        await CoreFixture.RefusedAsync(await LogAsync(Body(invoker, Entry(name, id)), new string('x', 256)), HttpStatusCode.BadRequest, "Idempotency-Key");

        using var answer = await core.SendAsync(core.Run.Amf, HttpMethod.Get, $"{Audit}?api-invoker-id={invoker.Id}");
        Assert.Equal(4, (await CoreFixture.JsonAsync(answer))["logs"]!.AsArray().Count);
    }

    private static JsonObject Entry(string name, string id) => new()
    {
        ["apiId"] = id,
        ["apiName"] = name,
        ["apiVersion"] = "v1",
        ["resourceName"] = "things",
        ["uri"] = "/things",
        ["protocol"] = "HTTP_1_1",
        ["operation"] = "POST",
        ["result"] = "201",
        ["invocationTime"] = "2026-01-02T04:04:05.678+01:00",
        ["invocationLatency"] = 12,
        ["inputParameters"] = new JsonObject { ["a"] = new JsonArray(1, "ü\"", null) },
        ["outputParameters"] = "text",
        ["srcInterface"] = new JsonObject { ["ipv4Addr"] = "192.0.2.1", ["port"] = 40000 },
        ["destInterface"] = new JsonObject { ["fqdn"] = "aef.example", ["port"] = 443, ["apiPrefix"] = "/a" },
        ["fwdInterface"] = "192.0.2.43:80, unknown:_OBFport",
        ["netSliceInfo"] = new JsonObject { ["snssai"] = new JsonObject { ["sst"] = 1, ["sd"] = "00ab01" } },
    };

    private static JsonObject Other(string name, string id) => new()
    {
        ["apiId"] = id,
        ["apiName"] = name,
        ["apiVersion"] = "v2",
        ["resourceName"] = "places",
        ["protocol"] = "HTTP_2",
        ["result"] = "404",
        ["invocationTime"] = "2025-01-02T04:04:05Z",
    };

    private JsonObject Body(DemoParty invoker, params JsonNode[] entries) => new()
    {
        ["aefId"] = core.Run.Aef.Id,
        ["apiInvokerId"] = invoker.Id,
        ["logs"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]),
        ["supportedFeatures"] = "1",
    };

    private async Task<string> LocationAsync(JsonObject body, string? key = null)
    {
        using var answer = await LogAsync(body, key);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private async Task<HttpResponseMessage> LogAsync(JsonObject body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, core.Run.Core($"/api-invocation-logs/v1/{core.Run.Aef.Id}/logs"));
        request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await core.Run.Aef.Client.SendAsync(request);
    }
}
