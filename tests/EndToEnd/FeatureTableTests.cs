using System.Net;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd;

/// <summary>docs/features.md says what is negotiated.</summary>
[Collection(nameof(CoreCollection))]
public sealed class FeatureTableTests(CoreFixture core)
{
    private const string All = "FFFF";

    [Fact]
    public async Task Onboarding_NegotiatesWhatTheTableSays_29222_8_4_6()
    {
        using var invoker = new CapifOrleans.Silo.Demo.DemoParty("invoker", core.Target.Root);
        var body = CoreFixture.Onboarding(invoker);
        body["supportedFeatures"] = All;
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, "/api-invoker-management/v1/onboardedInvokers", body, core.Bearer());
        await NegotiatedAsync(answer, "CAPIF_API_Invoker_Management_API");
    }

    [Fact]
    public async Task SecurityContext_NegotiatesWhatTheTableSays_29222_8_5_6()
    {
        using var invoker = await core.OnboardAsync();
        var body = new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = core.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") }),
            ["notificationDestination"] = "https://127.0.0.1:9/security",
            ["supportedFeatures"] = All,
        };
        using var answer = await core.SendAsync(invoker, HttpMethod.Put, $"/capif-security/v1/trustedInvokers/{invoker.Id}", body);
        await NegotiatedAsync(answer, "CAPIF_Security_API");
    }

    [Fact]
    public async Task Subscription_NegotiatesWhatTheTableSays_29222_8_3_6()
    {
        using var invoker = await core.OnboardAsync();
        var body = new JsonObject
        {
            ["events"] = new JsonArray("SERVICE_API_AVAILABLE"),
            ["notificationDestination"] = "https://127.0.0.1:9/events",
            ["supportedFeatures"] = All,
        };
        using var answer = await core.SendAsync(invoker, HttpMethod.Post, $"/capif-events/v1/{invoker.Id}/subscriptions", body);
        await NegotiatedAsync(answer, "CAPIF_Events_API");
    }

    private static async Task NegotiatedAsync(HttpResponseMessage answer, string api)
    {
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(SupportedFeatures.TryParse((await CoreFixture.JsonAsync(answer))["supportedFeatures"]!.GetValue<string>(), out var negotiated));
        var table = Table(api);
        Assert.Equal(Enumerable.Range(1, table.Count), table.Keys);
        for (var bit = 1; bit <= 16; bit++)
            Assert.True((table.TryGetValue(bit, out var isNegotiated) && isNegotiated) == negotiated.Has(bit), $"bit {bit} of {negotiated}");
    }

    private static SortedDictionary<int, bool> Table(string api)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CapifOrleans.sln")))
            folder = folder.Parent!;
        var rows = File.ReadLines(Path.Combine(folder.FullName, "docs", "features.md"))
            .SkipWhile(line => !line.StartsWith($"## {api} ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], out _));
        return new SortedDictionary<int, bool>(rows.ToDictionary(
            cells => int.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture), cells => cells[3] != "no"));
    }
}
