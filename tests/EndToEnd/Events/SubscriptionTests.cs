using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Events;

/// <summary>POST, PUT, PATCH and DELETE of subscriptions, by input and by state (29.222 8.3.2.2.3, 8.3.2.3.3); by role they are in AuthorizationTests.</summary>
[Collection(nameof(CoreCollection))]
public sealed class SubscriptionTests(CoreFixture core)
{
    private const string MergePatch = "application/merge-patch+json";

    public static TheoryData<string, string?, HttpStatusCode, string> Wrong => new()
    {
        { "events", null, HttpStatusCode.BadRequest, "events" },
        { "events", "[]", HttpStatusCode.BadRequest, "events" },
        { "events", "\"SERVICE_API_AVAILABLE\"", HttpStatusCode.BadRequest, "events" },
        { "events", "[\"NO_SUCH_EVENT\"]", HttpStatusCode.BadRequest, "events[0]" },
        { "events", "[\"SERVICE_API_AVAILABLE\",\"SERVICE_API_AVAILABLE\"]", HttpStatusCode.BadRequest, "events" },
        { "events", "[\"SERVICE_API_INVOCATION_SUCCESS\"]", HttpStatusCode.Forbidden, "events[0]" },
        { "notificationDestination", null, HttpStatusCode.BadRequest, "notificationDestination" },
        { "notificationDestination", "\"relative\"", HttpStatusCode.BadRequest, "notificationDestination" },
        { "eventFilters", "[{},{}]", HttpStatusCode.BadRequest, "eventFilters" },
        { "eventFilters", "[{\"apiIds\":[]}]", HttpStatusCode.BadRequest, "eventFilters[0].apiIds" },
        { "eventReq", "{\"maxReportNbr\":-1}", HttpStatusCode.BadRequest, "eventReq.maxReportNbr" },
        { "eventReq", "{\"notifMethod\":\"SOMETIMES\"}", HttpStatusCode.BadRequest, "eventReq.notifMethod" },
        { "supportedFeatures", "4", HttpStatusCode.BadRequest, "supportedFeatures" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongAttribute_IsRefused_NamesIt_AndChangesNothing(string attribute, string? value, HttpStatusCode status, string named)
    {
        using var invoker = await core.OnboardAsync();
        var body = Subscription();
        body.Remove(attribute);
        if (value is not null)
            body[attribute] = JsonNode.Parse(value);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Post, Collection(invoker), body), status, named);

        var location = await SubscribeAsync(invoker);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Put, location, body), status, named);
        using var current = await core.SendAsync(invoker, HttpMethod.Patch, location, "{}", mediaType: MergePatch);
        Assert.Equal(Subscription().ToJsonString(), (await CoreFixture.JsonAsync(current)).ToJsonString());
    }

    [Theory]
    [InlineData("{\"supportedFeatures\":\"0\"}", HttpStatusCode.Forbidden, "supportedFeatures")]
    [InlineData("{\"requestTestNotification\":true}", HttpStatusCode.Forbidden, "requestTestNotification")]
    [InlineData("{\"events\":null}", HttpStatusCode.BadRequest, "events")]
    [InlineData("{\"eventReq\":{\"repPeriod\":\"often\"}}", HttpStatusCode.BadRequest, "eventReq.repPeriod")]
    public async Task WrongPatch_IsRefused_NamesIt(string patch, HttpStatusCode status, string named)
    {
        using var invoker = await core.OnboardAsync();
        var location = await SubscribeAsync(invoker);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Patch, location, patch, mediaType: MergePatch), status, named);
    }

    [Fact]
    public async Task UnknownAndGone_404()
    {
        using var invoker = await core.OnboardAsync();
        var location = await SubscribeAsync(invoker);
        using (var gone = await core.SendAsync(invoker, HttpMethod.Delete, location))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        foreach (var missing in new[] { location, $"{Collection(invoker)}/unknown" })
        {
            await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Put, missing, Subscription()), HttpStatusCode.NotFound);
            await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Patch, missing, "{}", mediaType: MergePatch), HttpStatusCode.NotFound);
            await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Delete, missing), HttpStatusCode.NotFound);
        }
    }

    private static string Collection(DemoParty party) => $"/capif-events/v1/{party.Id}/subscriptions";

    private static JsonObject Subscription() => new()
    {
        ["events"] = new JsonArray("SERVICE_API_AVAILABLE"),
        ["eventFilters"] = new JsonArray(new JsonObject { ["apiIds"] = new JsonArray("some") }),
        ["notificationDestination"] = "https://127.0.0.1:9/events",
        ["supportedFeatures"] = "4",
    };

    private async Task<string> SubscribeAsync(DemoParty party)
    {
        using var answer = await core.SendAsync(party, HttpMethod.Post, Collection(party), Subscription());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.AbsolutePath;
    }
}
