using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>PUT, PATCH and DELETE of an onboarded API invoker, by input and by state (29.222 8.4.2.3.3); by role they are in AuthorizationTests.</summary>
[Collection(nameof(CoreCollection))]
public sealed class OnboardedInvokerTests(CoreFixture core)
{
    private const string MergePatch = "application/merge-patch+json";

    [Theory]
    [InlineData("onboardingInformation", null)]
    [InlineData("notificationDestination", null)]
    [InlineData("notificationDestination", "5")]
    [InlineData("notificationDestination", "\"mailto:a@b.test\"")]
    [InlineData("apiList", "[]")]
    [InlineData("apiInvokerInformation", "{}")]
    [InlineData("supportedFeatures", "\"xyz\"")]
    [InlineData("requestTestNotification", "\"yes\"")]
    [InlineData("websockNotifConfig", "true")]
    public async Task WrongPut_400_NamesIt_AndChangesNothing(string attribute, string? value)
    {
        using var invoker = await core.OnboardAsync();
        var before = await CurrentAsync(invoker);
        var body = before.DeepClone().AsObject();
        body.Remove(attribute);
        if (value is not null)
            body[attribute] = JsonNode.Parse(value);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Put, Location(invoker), body), HttpStatusCode.BadRequest, attribute);
        Assert.Equal(before.ToJsonString(), (await CurrentAsync(invoker)).ToJsonString());
    }

    [Theory]
    [InlineData("{\"notificationDestination\":null}", HttpStatusCode.BadRequest, "notificationDestination")]
    [InlineData("{\"notificationDestination\":[]}", HttpStatusCode.BadRequest, "notificationDestination")]
    [InlineData("{\"apiList\":7}", HttpStatusCode.BadRequest, "apiList")]
    [InlineData("{\"apiInvokerId\":\"other\"}", HttpStatusCode.Forbidden, "apiInvokerId")]
    [InlineData("{\"supportedFeatures\":\"0\"}", HttpStatusCode.Forbidden, "supportedFeatures")]
    [InlineData("{\"expTime\":\"2030-01-01T00:00:00Z\"}", HttpStatusCode.Forbidden, "expTime")]
    public async Task WrongPatch_IsRefused_NamesIt_AndChangesNothing(string patch, HttpStatusCode status, string attribute)
    {
        using var invoker = await core.OnboardAsync();
        var before = await CurrentAsync(invoker);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Patch, Location(invoker), patch, mediaType: MergePatch), status, attribute);
        Assert.Equal(before.ToJsonString(), (await CurrentAsync(invoker)).ToJsonString());
    }

    [Theory]
    [InlineData("[]", MergePatch, HttpStatusCode.BadRequest)]
    [InlineData("{", MergePatch, HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.UnsupportedMediaType)]
    public async Task PatchThatIsNone_IsRefused(string patch, string mediaType, HttpStatusCode status)
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Patch, Location(invoker), patch, mediaType: mediaType), status);
    }

    [Fact]
    public async Task Offboarded_EveryOperationIsRefused_AndOffboardingOnce()
    {
        using var invoker = await core.OnboardAsync();
        var body = await CurrentAsync(invoker);
        using (var gone = await core.SendAsync(invoker, HttpMethod.Delete, Location(invoker)))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        // 33.122 6.8: the certificate says nothing any more.
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Put, Location(invoker), body), HttpStatusCode.Unauthorized);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Patch, Location(invoker), "{}", mediaType: MergePatch), HttpStatusCode.Unauthorized);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Delete, Location(invoker)), HttpStatusCode.Unauthorized);
    }

    private static string Location(DemoParty invoker) => $"/api-invoker-management/v1/onboardedInvokers/{invoker.Id}";

    /// <summary>What it is now, by a patch of nothing.</summary>
    private async Task<JsonNode> CurrentAsync(DemoParty invoker)
    {
        using var answer = await core.SendAsync(invoker, HttpMethod.Patch, Location(invoker), "{}", mediaType: MergePatch);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await CoreFixture.JsonAsync(answer);
    }
}
