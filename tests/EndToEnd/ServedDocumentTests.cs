using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CapifOrleans.Frontend.Operations;

namespace CapifOrleans.EndToEnd;

/// <summary>The documents that are served (29.222 annex A): whole in themselves, with every operation of the tables and what it may answer.</summary>
[Collection(nameof(CoreCollection))]
public sealed class ServedDocumentTests(CoreFixture core)
{
    public static TheoryData<string> Apis =>
        [.. OperationTable.Rows.Concat(OperationTable.ExposureRows).Select(row => row.Api).Where(api => api.Length > 0).Distinct()];

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Document_HasItsOperations_AndEveryReferenceLeadsSomewhere(string api)
    {
        var document = await DocumentAsync(api);
        var root = document["servers"]![0]!["url"]!.GetValue<string>();
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, method) => $"{method.Key.ToUpperInvariant()} {root}{path.Key}");
        var rows = OperationTable.Rows.Concat(OperationTable.ExposureRows).Where(row => row.Api == api).Select(row => $"{row.Method} {{apiRoot}}{row.Path}");
        Assert.Equal(rows.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (Match reference in Regex.Matches(document.ToJsonString(), "\"#/components/schemas/([^\"]*)\""))
            Assert.True(schemas[reference.Groups[1].Value] is JsonObject, reference.Value);
    }

    [Fact]
    public async Task Onboarding_MayBeAnswered202_AndNotifies_29222_5_5_2_4()
    {
        var paths = (await DocumentAsync("CAPIF_API_Invoker_Management_API"))["paths"]!;
        var onboard = paths["/onboardedInvokers"]!["post"]!;
        Assert.Equal(["201", "202", "default"], onboard["responses"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.Null(onboard["responses"]!["202"]!["content"]);
        var callback = onboard["callbacks"]!["notificationDestination"]!["{$request.body#/notificationDestination}"]!["post"]!;
        Assert.Equal(
            "#/components/schemas/OnboardingNotification", callback["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        foreach (var method in new[] { "put", "patch" })
            Assert.NotNull(paths["/onboardedInvokers/{onboardingId}"]![method]!["responses"]!["202"]);
    }

    [Fact]
    public async Task Audit_HasEitherShape_29222_8_8_4_4_1()
    {
        var answer = (await DocumentAsync("CAPIF_Auditing_API"))["paths"]!["/apiInvocationLogs"]!["get"]!["responses"]!["200"]!;
        Assert.Equal(
            ["#/components/schemas/InvocationLog", "#/components/schemas/InvocationLogs"],
            answer["content"]!["application/json"]!["schema"]!["oneOf"]!.AsArray().Select(one => one!["$ref"]!.GetValue<string>()));
    }

    [Fact]
    public async Task UnknownDocument_404_NamesThoseThatThereAre()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(core.Core.Operations, "/openapi/Nothing.json"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("AEF_Security_API", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonObject> DocumentAsync(string api)
    {
        using var client = new HttpClient();
        return JsonNode.Parse(await client.GetStringAsync(new Uri(core.Core.Operations, $"/openapi/{api}.json")))!.AsObject();
    }
}
