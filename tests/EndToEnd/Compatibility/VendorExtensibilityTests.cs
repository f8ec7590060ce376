using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.3: vendor_extensibility.</summary>
public sealed class VendorExtensibilityTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string ServiceInfo = "vendorSpecific-urn:etsi:mec:capifext:service-info";
    private const string TransportInfo = "vendorSpecific-urn:etsi:mec:capifext:transport-info";

    [Fact]
    public async Task Vendor1_Kept_AndDiscoveredIdentical()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var sent = Extended(provider.Aef.Id);

        var published = Of(await Life.PublishAsync(provider.Apf, sent), 201, "ServiceAPIDescription");

        Same(sent[ServiceInfo], published[ServiceInfo]);
        Same(sent["aefProfiles"]![0]![TransportInfo], published["aefProfiles"]![0]![TransportInfo]);
        Same(published, Found(await Life.DiscoverAsync(invoker, "&api-name=vendor&supported-features=2")));
    }

    [Fact]
    public async Task Vendor2_HiddenFromWhoDoesNotKnowIt_404()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        (await Life.PublishAsync(provider.Apf, Extended(provider.Aef.Id))).Expect(201);

        NothingFound(await Life.DiscoverAsync(invoker, "&api-name=vendor&supported-features=0"), invoker);
    }

    [Fact]
    public async Task Vendor3_WithoutTheParameter_ListedWithoutTheAttributes()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var published = (await Life.PublishAsync(provider.Apf, Extended(provider.Aef.Id))).Expect(201);

        var expected = published.Body;
        expected.AsObject().Remove(ServiceInfo);
        expected["aefProfiles"]![0]!.AsObject().Remove(TransportInfo);
        Same(expected, Found(await Life.DiscoverAsync(invoker, "&api-name=vendor")));
    }

    [Theory]
    [InlineData("100", false)]
    [InlineData("000", true)]
    public async Task Vendor4And5_FeatureAndAttributesDiffer_400(string features, bool isExtended)
    {
        var provider = await Life.ProviderAsync();
        var body = isExtended ? Extended(provider.Aef.Id) : ClientBodies.Service("vendor", provider.Aef.Id);
        body["supportedFeatures"] = features;

        Refused(
            await Life.PublishAsync(provider.Apf, body), 400, "If and only if VendorExt feature is enabled, then vendor-specific fields should be defined",
            "Vendor extensibility misconfiguration");
    }

    [Fact]
    public async Task Vendor6_7_8_APlainServiceApi()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var published = (await Life.PublishAsync(provider.Apf, ClientBodies.Service("plain", provider.Aef.Id, "000"))).Expect(201);

        NothingFound(await Life.DiscoverAsync(invoker, "&api-name=plain&supported-features=2"), invoker);
        Same(published.Body, Found(await Life.DiscoverAsync(invoker, "&api-name=plain&supported-features=0")));
        Same(published.Body, Found(await Life.DiscoverAsync(invoker, "&api-name=plain")));
    }

    [Fact]
    public async Task Vendor9_WithoutFeatures_400()
    {
        var provider = await Life.ProviderAsync();
        var body = Extended(provider.Aef.Id);
        body.Remove("supportedFeatures");

        Refused(await Life.PublishAsync(provider.Apf, body), 400, "supportedFeatures not present in request", "supportedFeatures not present");
    }

    private static JsonObject Extended(string aefId)
    {
        var body = ClientBodies.Service("vendor", aefId, "100");
        body[ServiceInfo] = new JsonObject { ["serializer"] = "JSON", ["state"] = "ACTIVE" };
        body["aefProfiles"]![0]![TransportInfo] = new JsonObject { ["name"] = "trasport1", ["type"] = "REST_HTTP", ["security"] = new JsonObject() };
        return body;
    }

    private static JsonNode Found(ClientAnswer answer) => Assert.Single(Of(answer, 200, "DiscoveredAPIs")["serviceAPIDescriptions"]!.AsArray())!;

    private static void NothingFound(ClientAnswer answer, ClientInvoker invoker) => Refused(
        answer, 404, $"API Invoker {invoker.Party.Id} has no API Published that accomplish filter conditions", "No API Published accomplish filter conditions");
}
