using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.3: capif_api_publish_service.</summary>
public sealed class PublishTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string ForeignApf = "/published-apis/v1/apf-example/service-apis";

    [Fact]
    public async Task Publish1_201_WithAnAefThatIsRegisteredNowhere()
    {
        var provider = await Life.ProviderAsync();

        var answer = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", "aef_id"));

        var body = Of(answer, 201, "ServiceAPIDescription");
        Assert.Equal("service_1", (string?)body["apiName"]);
        Located(answer, ClientLife.Published(provider.Apf.Id), (string)body["apiId"]!);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("GET", "")]
    [InlineData("GET", "/api")]
    public async Task Publish2And4_UnknownApf_401(string method, string rest)
    {
        var provider = await Life.ProviderAsync();

        var answer = await Client.SendAsync(provider.Apf, method, ForeignApf + rest, method == "POST" ? ClientBodies.Service("s", provider.Aef.Id) : null);

        Refused(answer, 401, "Please provide an existing APF ID", "Certificate not found for APF");
    }

    [Fact]
    public async Task Publish3And5_ListAndOne_AreWhatWasPublished()
    {
        var provider = await Life.ProviderAsync();
        var first = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id));
        var second = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_2", provider.Aef.Id));

        var list = Of(await Client.SendAsync(provider.Apf, "GET", ClientLife.Published(provider.Apf.Id)), 200, "ServiceAPIDescription");

        Same(new JsonArray(first.Body, second.Body), list);
        Same(first.Body, (await Client.SendAsync(provider.Apf, "GET", first.Path)).Expect(200).Body);
    }

    [Fact]
    public async Task Publish_Description_ComesBackAsItWasSent()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var sent = ClientBodies.Service("identical", provider.Aef.Id, "000");

        var published = (await Life.PublishAsync(provider.Apf, sent)).Expect(201);

        var expected = (JsonObject)sent.DeepClone();
        expected["apiId"] = published["apiId"];
        Same(expected, published.Body);
        Same(expected, (await Life.DiscoverAsync(invoker, "&api-name=identical")).Expect(200).Body["serviceAPIDescriptions"]![0]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Publish6And9And12_UnknownServiceApi_401(string method)
    {
        var provider = await Life.ProviderAsync();
        var path = ClientLife.Published(provider.Apf.Id) + "/not-valid";
        var body = method == "PUT" ? ClientBodies.Service("service_1", provider.Aef.Id) : null;

        Refused(await Client.SendAsync(provider.Apf, method, path, body), 401, "User not authorized", "You are not the owner of this resource");
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id))).Expect(201);
        Refused(await Client.SendAsync(provider.Apf, method, path, body), 401, "User not authorized", "You are not the owner of this resource");
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    public async Task Publish7And10And13_AnInvokersCertificate_401(string method, bool isOne)
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var published = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id));
        var path = isOne ? published.Path : ClientLife.Published(provider.Apf.Id);

        var answer = await Client.SendAsync(invoker.Party, method, path, method is "PUT" or "POST" ? "{}" : null);

        Refused(answer, 401, "User not authorized", "Certificate not authorized");
    }

    [Fact]
    public async Task Publish8_Update_200_AndSeen()
    {
        var provider = await Life.ProviderAsync();
        var published = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", "aef_id"));

        var updated = Of(
            await Client.SendAsync(provider.Apf, "PUT", published.Path, ClientBodies.Service("service_1_modified", "aef_id", "000")), 200, "ServiceAPIDescription");

        Assert.Equal("service_1_modified", (string?)updated["apiName"]);
        Assert.Equal("000", (string?)updated["supportedFeatures"]);
        Same(updated, (await Client.SendAsync(provider.Apf, "GET", published.Path)).Expect(200).Body);
    }

    [Fact]
    public async Task Publish11_AfterTheOnlyOneIsDeleted_404()
    {
        var provider = await Life.ProviderAsync();
        var published = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id));
        (await Client.SendAsync(provider.Apf, "DELETE", published.Path)).Expect(204);

        Refused(await Client.SendAsync(provider.Apf, "GET", published.Path), 404, "Service API not found", "No Service with specific credentials exists");
    }

    [Fact]
    public async Task Publish14_ADeletedProvidersServices_AreGoneAtOnce()
    {
        var provider = await Life.ProviderAsync(aefs: 1, apfs: 2);
        (await Life.PublishAsync(provider.Of("APF_1"), ClientBodies.Service("service_1", provider.Aef.Id))).Expect(201);
        (await Life.PublishAsync(provider.Of("APF_2"), ClientBodies.Service("service_2", provider.Aef.Id))).Expect(201);
        var before = await ServicesAsync();

        (await Client.SendAsync(provider.Amf, "DELETE", provider.Registered.Path)).Expect(204);

        provider.IsGone = true;
        Assert.Equal(before - 2, await ServicesAsync());
    }

    [Fact]
    public async Task Publish15_OneName_AtSeveralAefs()
    {
        var (provider, other, invoker) = (await Life.ProviderAsync(aefs: 2), await Life.ProviderAsync(), await Life.InvokerAsync());
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Of("AEF_1").Id))).Expect(201);
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Of("AEF_2").Id))).Expect(201);
        (await Life.PublishAsync(other.Apf, ClientBodies.Service("service_1", other.Aef.Id))).Expect(201);

        var found = Of(await Life.DiscoverAsync(invoker, "&api_name=service_1"), 200, "DiscoveredAPIs");

        Assert.Equal(3, found["serviceAPIDescriptions"]!.AsArray().Count);
    }

    [Fact]
    public async Task Publish16_OneName_AtOneAef_403()
    {
        var (provider, invoker) = (await Life.ProviderAsync(aefs: 2), await Life.InvokerAsync());
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Of("AEF_1").Id))).Expect(201);
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Of("AEF_2").Id))).Expect(201);

        var again = await Life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Of("AEF_1").Id));

        Refused(again, 403, "Already registered service with same api name and aef id", "Found service with same api name and aef id");
        Assert.Equal(2, (await Life.DiscoverAsync(invoker, "&api_name=service_1")).Expect(200).Body["serviceAPIDescriptions"]!.AsArray().Count);
    }

    private async Task<int> ServicesAsync() =>
        (await Client.SendAsync(Fixture.Superadmin, "GET", "/helper/api/getServices")).Expect(200).Body["services"]!.AsArray().Count;
}
