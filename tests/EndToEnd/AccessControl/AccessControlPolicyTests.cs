using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.EndToEnd.Security;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.AccessControl;

/// <summary>CAPIF_Access_Control_Policy_API over TLS (29.222 5.10, 8.6), with policies that the operator sets by command.</summary>
[Collection(nameof(CoreCollection))]
public sealed class AccessControlPolicyTests(CoreFixture core)
{
    private const string List = "/access-control-policy/v1/accessControlPolicyList/";
    private readonly SecurityScenario _scenario = new(core);

    [Fact]
    public async Task OperatorsPolicies_AreTheAefs_29222_5_10_2_2()
    {
        var (_, apiId) = await _scenario.PublishAsync();
        using var invoker = await core.OnboardAsync();
        using var other = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        await core.CommandAsync("policy", "set", apiId, "--total", "3");
        await _scenario.NegotiateAsync(other, _scenario.Context("0"));
        const string Range = "2026-01-02T08:00:00.5+01:00/2026-01-02T18:00:00Z";
        await core.CommandAsync("policy", "set", apiId, "--invoker", invoker.Id, "--total", "100", "--per-second", "5", "--time-range", Range);

        var all = await PoliciesAsync(apiId);

        var expected = $$"""
            {"apiInvokerId":"{{invoker.Id}}","allowedTotalInvocations":100,"allowedInvocationsPerSecond":5,"allowedInvocationTimeRangeList":[{"startTime":"2026-01-02T08:00:00.5+01:00","stopTime":"2026-01-02T18:00:00Z"}]}
            """;
        Assert.Equal(2, all.Count);
        Assert.Equal(expected, Of(all, invoker));
        Assert.Equal($$"""{"apiInvokerId":"{{other.Id}}","allowedTotalInvocations":3}""", Of(all, other));
        Assert.Equal(expected, Assert.Single(await PoliciesAsync(apiId, $"&api-invoker-id={invoker.Id}"))!.ToJsonString(Text));
        Assert.Empty(await PoliciesAsync(apiId, "&api-invoker-id=nobody"));

        var listed = (await core.CommandAsync("policy", "list", apiId)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("""{"isByDefault":false,"policy":{"apiInvokerId":"","allowedTotalInvocations":3}}""", listed);
        Assert.Contains($$"""{"isByDefault":false,"policy":{{expected}}}""", listed);
        await core.CommandAsync("policy", "remove", apiId, "--invoker", invoker.Id);
        Assert.Equal($$"""{"apiInvokerId":"{{invoker.Id}}"}""", Of(await PoliciesAsync(apiId), invoker));
    }

    [Fact]
    public async Task Slices_AreForThoseWhoKnowCapifExt1_8_6_6()
    {
        var (_, apiId) = await _scenario.PublishAsync();
        using var invoker = await core.OnboardAsync();
        await core.CommandAsync("policy", "set", apiId, "--invoker", invoker.Id, "--slice", "1-00ab01", "--slice", "ensi:east");

        Assert.Empty(await PoliciesAsync(apiId));
        Assert.Equal(
            $$"""[{"apiInvokerId":"{{invoker.Id}}","netSliceInfo":[{"snssai":{"sst":1,"sd":"00ab01"} },{"ensi":"east"}]}]""".Replace(" ", "", StringComparison.Ordinal),
            (await PoliciesAsync(apiId, "&supported-features=1")).ToJsonString());
    }

    [Fact]
    public async Task Offboarded_HasNoPolicyLeft_33122_6_8()
    {
        var (_, apiId) = await _scenario.PublishAsync();
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        Assert.Single(await PoliciesAsync(apiId));

        using var gone = await core.SendAsync(invoker, HttpMethod.Delete, $"/api-invoker-management/v1/onboardedInvokers/{invoker.Id}");

        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        // The steps after the answer need nobody to wait for them; they are done within a moment.
        var until = TimeProvider.System.GetUtcNow().AddSeconds(20);
        while ((await PoliciesAsync(apiId)).Count > 0)
            Assert.True(TimeProvider.System.GetUtcNow() < until, "the policy is still there");
    }

    [Theory]
    [InlineData("", "aef-id")]
    [InlineData("?aef-id=", "aef-id")]
    [InlineData("?aef-id={aef}&supported-features=xyz", "supported-features")]
    [InlineData("?aef-id={aef}&api-invoker-id=a&api-invoker-id=b", "api-invoker-id")]
    public async Task WrongParameter_400_NamesIt_8_6_2_2_3_1(string query, string parameter)
    {
        var path = List + core.Run.ApiId + query.Replace("{aef}", core.Run.Aef.Id, StringComparison.Ordinal);
        var status = query == "?aef-id=" ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest;
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, path), status, status == HttpStatusCode.NotFound ? null : parameter);
    }

    [Fact]
    public async Task UnknownServiceApi_404_AndAnotherAefsIdentifier_404()
    {
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{List}nothing?aef-id={core.Run.Aef.Id}"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{List}{core.Run.ApiId}?aef-id={core.Run.Amf.Id}"), HttpStatusCode.NotFound);
    }

    private static string Of(JsonArray policies, DemoParty invoker) =>
        policies.Single(one => one!["apiInvokerId"]!.GetValue<string>() == invoker.Id)!.ToJsonString(Text);

    private static System.Text.Json.JsonSerializerOptions Text { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<JsonArray> PoliciesAsync(string apiId, string more = "")
    {
        using var answer = await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"{List}{apiId}?aef-id={core.Run.Aef.Id}{more}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return (await CoreFixture.JsonAsync(answer))["apiInvokerPolicies"]!.AsArray();
    }
}
