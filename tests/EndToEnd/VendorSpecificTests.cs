using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>
/// Vendor-specific attributes (29.222 7.11): whatever they hold, each resource has them after it was made and after a partial update, and an update
/// that gives others has those.
/// </summary>
[Collection(nameof(CoreCollection))]
public sealed class VendorSpecificTests(CoreFixture core)
{
    private const string First = "vendorSpecific-000012";
    private const string Second = "vendorSpecific-example.com";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task EachResource_KeepsThem_29222_7_11(int seed)
    {
        var random = new Random(seed);
        return KeepsAsync(Value(random, 3), Value(random, 3));
    }

    private static JsonNode Value(Random random, int depth) => (depth == 0 ? 2 + random.Next(5) : random.Next(7)) switch
    {
        0 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1))]),
        // Names that mean something elsewhere, and a name that is vendor-specific itself.
        1 => new JsonObject { ["apiInvokerId"] = Value(random, depth - 1), [Second] = Value(random, depth - 1) },
        2 => random.Next(),
        3 => -1.5e10,
        4 => "\u00e4 \"quoted\"\n",
        5 => random.Next(2) == 0,
        _ => "",
    };

    private async Task KeepsAsync(JsonNode first, JsonNode second)
    {
        using var invoker = new DemoParty("invoker", core.Target.Root);
        var onboarding = With(CoreFixture.Onboarding(invoker), first);
        using var onboarded = await core.SendAsync(
            core.Run.Nobody, HttpMethod.Post, "/api-invoker-management/v1/onboardedInvokers", onboarding, core.Bearer());
        var details = await HasAsync(onboarded, HttpStatusCode.Created, first, null);
        invoker.Accept(details["apiInvokerId"]!.GetValue<string>(), details["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        await UpdatesAsync(invoker, onboarded.Headers.Location!.AbsolutePath, onboarding, "apiInvokerInformation", first, second);

        var events = With(new JsonObject
        {
            ["events"] = new JsonArray("SERVICE_API_AVAILABLE"),
            ["notificationDestination"] = "https://127.0.0.1:9/events",
            ["supportedFeatures"] = "4",
        }, first);
        using var subscribed = await core.SendAsync(invoker, HttpMethod.Post, $"/capif-events/v1/{invoker.Id}/subscriptions", events);
        await HasAsync(subscribed, HttpStatusCode.Created, first, null);
        await UpdatesAsync(invoker, subscribed.Headers.Location!.AbsolutePath, events, "notificationDestination", first, second);

        var context = With(new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = core.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH"), [Second] = second.DeepClone() }),
            ["notificationDestination"] = "https://127.0.0.1:9/security",
        }, first);
        var trusted = $"/capif-security/v1/trustedInvokers/{invoker.Id}";
        using var negotiated = await core.SendAsync(invoker, HttpMethod.Put, trusted, context);
        var created = await HasAsync(negotiated, HttpStatusCode.Created, first, null);
        Assert.True(JsonNode.DeepEquals(second, created["securityInfo"]![0]![Second]));
        using var asked = await core.SendAsync(core.Run.Aef, HttpMethod.Get, trusted);
        await HasAsync(asked, HttpStatusCode.OK, first, null);

        using var amf = new DemoParty("amf", core.Target.Root);
        var registration = With(new JsonObject
        {
            ["regSec"] = "any",
            ["suppFeat"] = "1",
            ["apiProvFuncs"] = new JsonArray(new JsonObject
            {
                ["regInfo"] = new JsonObject { ["apiProvPubKey"] = amf.SigningRequest(), [Second] = second.DeepClone() },
                ["apiProvFuncRole"] = "AMF",
                [Second] = second.DeepClone(),
            }),
        }, first);
        using var registered = await core.SendAsync(
            core.Run.Nobody, HttpMethod.Post, "/api-provider-management/v1/registrations", registration, core.Bearer());
        var domain = await HasAsync(registered, HttpStatusCode.Created, first, null);
        var function = domain["apiProvFuncs"]![0]!;
        Assert.True(JsonNode.DeepEquals(second, function[Second]));
        Assert.True(JsonNode.DeepEquals(second, function["regInfo"]![Second]));
        amf.Accept(function["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
        await UpdatesAsync(amf, registered.Headers.Location!.AbsolutePath, domain, "apiProvDomInfo", first, second);
    }

    /// <summary>A patch of something else, a patch that adds one, and a PUT that has another.</summary>
    private async Task UpdatesAsync(DemoParty party, string location, JsonNode body, string attribute, JsonNode first, JsonNode second)
    {
        var patch = new JsonObject { [attribute] = "https://127.0.0.1:9/patched" };
        await PatchAsync(patch, first, null);
        await PatchAsync(new JsonObject { [Second] = second.DeepClone() }, first, second);
        var put = body.DeepClone().AsObject();
        put.Remove(First);
        put[Second] = second.DeepClone();
        using var replaced = await core.SendAsync(party, HttpMethod.Put, location, put);
        await HasAsync(replaced, HttpStatusCode.OK, null, second);

        async Task PatchAsync(JsonObject change, JsonNode? expected, JsonNode? expectedToo)
        {
            using var answer = await core.SendAsync(party, HttpMethod.Patch, location, change, mediaType: "application/merge-patch+json");
            await HasAsync(answer, HttpStatusCode.OK, expected, expectedToo);
        }
    }

    private static JsonObject With(JsonObject body, JsonNode first)
    {
        body[First] = first.DeepClone();
        return body;
    }

    private static async Task<JsonNode> HasAsync(HttpResponseMessage answer, HttpStatusCode status, JsonNode? first, JsonNode? second)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        var body = JsonNode.Parse(text)!;
        Assert.True(JsonNode.DeepEquals(first, body[First]), text);
        Assert.True(JsonNode.DeepEquals(second, body[Second]), text);
        return body;
    }
}
