using System.Text.Json.Nodes;
using static CapifOrleans.EndToEnd.Compatibility.EventScene;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 6: api_status.</summary>
public sealed class ApiStatusTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Inactive = "Set apiStatus with apiStatusMonitoring feature inactive at supportedFeatures if not allowed";
    private const string InactiveCause = "apiStatus can't be set if apiStatusMonitoring is inactive";
    private static readonly string[] Wanted = ["SERVICE_API_AVAILABLE", "SERVICE_API_UNAVAILABLE", "SERVICE_API_UPDATE"];

    /// <summary>What a publication with this status tells.</summary>
    [Theory]
    [InlineData("000", null, "SERVICE_API_AVAILABLE")]
    [InlineData("020", null, "SERVICE_API_AVAILABLE")]
    [InlineData("020", "1", "SERVICE_API_AVAILABLE")]
    [InlineData("020", "12", "SERVICE_API_AVAILABLE")]
    [InlineData("020", "", "SERVICE_API_UNAVAILABLE")]
    public async Task ApiStatus_Publish(string features, string? active, string told)
    {
        var (provider, scene) = await SceneAsync();
        var sent = Service(provider, features, active);

        var published = Of(await Life.PublishAsync(provider.Apf, sent), 201, "ServiceAPIDescription");

        Same(sent["apiStatus"], published["apiStatus"]);
        await scene.ExactlyAsync(Notification(told, Descriptions(published, ApiIds((string)published["apiId"]!))));
    }

    /// <summary>What a change from one status to another tells besides the update, by PUT and by PATCH.</summary>
    [Theory]
    [InlineData("1", "2", null)]
    [InlineData("1", "12", null)]
    [InlineData("12", "1", null)]
    [InlineData("1", "", "SERVICE_API_UNAVAILABLE")]
    [InlineData("", "1", "SERVICE_API_AVAILABLE")]
    [InlineData("", "", null)]
    [InlineData(null, "", "SERVICE_API_UNAVAILABLE")]
    [InlineData("", null, "SERVICE_API_AVAILABLE")]
    public async Task ApiStatus_Change(string? before, string? after, string? told)
    {
        foreach (var method in new[] { "PUT", "PATCH" })
        {
            var (provider, scene) = await SceneAsync();
            var published = (await Life.PublishAsync(provider.Apf, Service(provider, "020", before))).Expect(201);
            await scene.NotifiedAsync();
            var body = method == "PUT" ? Service(provider, "020", after) : new JsonObject { ["apiStatus"] = Service(provider, "020", after)["apiStatus"]?.DeepClone() };

            var changed = Of(
                await Client.SendAsync(provider.Apf, method, published.Path, body, method == "PUT" ? CapifClient.Json : CapifClient.MergePatch), 200,
                "ServiceAPIDescription");

            Same(Service(provider, "020", after)["apiStatus"], changed["apiStatus"]);
            var notified = await scene.NotifiedAsync();
            Same(Notification("SERVICE_API_UPDATE", Descriptions(changed)), notified[0]);
            Assert.Equal(told is null ? 1 : 2, notified.Count);
            if (told is not null)
                Same(Notification(told, Descriptions(changed, ApiIds((string)changed["apiId"]!))), notified[1]);
        }
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("", false)]
    public async Task ApiStatus_Delete_TellsOnlyOfWhatWasAvailable(string active, bool isTold)
    {
        var (provider, scene) = await SceneAsync();
        var published = (await Life.PublishAsync(provider.Apf, Service(provider, "020", active))).Expect(201);
        await scene.NotifiedAsync();

        (await Client.SendAsync(provider.Apf, "DELETE", published.Path)).Expect(204);

        await scene.ExactlyAsync(isTold ? [Notification("SERVICE_API_UNAVAILABLE", Descriptions(published.Body, ApiIds(published["apiId"]!)))] : []);
    }

    [Fact]
    public async Task ApiStatus_WithoutTheFeature_400_NothingStored_NothingTold()
    {
        var (provider, scene) = await SceneAsync();
        Refused(await Life.PublishAsync(provider.Apf, Service(provider, "000", "1")), 400, Inactive, InactiveCause);
        await scene.ExactlyAsync();
        var published = (await Life.PublishAsync(provider.Apf, Service(provider, "000", null))).Expect(201);
        await scene.NotifiedAsync();

        Refused(await Client.SendAsync(provider.Apf, "PUT", published.Path, Service(provider, "000", "")), 400, Inactive, InactiveCause);
        Refused(
            await Client.SendAsync(provider.Apf, "PATCH", published.Path, """{"apiStatus":{"aefIds":[]}}""", CapifClient.MergePatch), 400, Inactive,
            InactiveCause);

        await scene.ExactlyAsync();
        Same(published.Body, (await Client.SendAsync(provider.Apf, "GET", published.Path)).Expect(200).Body);
    }

    /// <summary>A service API of both AEFs; <paramref name="active"/> names those where it is active, null says nothing.</summary>
    private static JsonObject Service(ClientProvider provider, string features, string? active)
    {
        var body = ClientBodies.Service("service_1", provider.Of("AEF_1").Id, features);
        body["aefProfiles"]!.AsArray().Add(ClientBodies.Profile(provider.Of("AEF_2").Id));
        if (active is not null)
            body["apiStatus"] = new JsonObject { ["aefIds"] = new JsonArray([.. active.Select(number => (JsonNode)provider.Of($"AEF_{number}").Id)]) };
        return body;
    }

    private async Task<(ClientProvider Provider, EventScene Scene)> SceneAsync()
    {
        var (provider, invoker) = (await Life.ProviderAsync(aefs: 2), await Life.InvokerAsync());
        return (provider, await SubscribeAsync(Fixture, Life, invoker.Party, "C", Wanted));
    }
}
