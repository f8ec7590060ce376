namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.4: capif_api_discover_service.</summary>
public sealed class DiscoverTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    [Fact]
    public async Task Discover1_Lists_200()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var published = (await Life.PublishAsync(provider.Apf, ClientBodies.Service("discover_1", provider.Aef.Id))).Expect(201);

        var found = Of(await Life.DiscoverAsync(invoker, $"&aef-id={provider.Aef.Id}"), 200, "DiscoveredAPIs");

        Same(published.Body, Assert.Single(found["serviceAPIDescriptions"]!.AsArray()));
    }

    [Fact]
    public async Task Discover2_AnApfsCertificate_401()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());

        var answer = await Client.SendAsync(provider.Apf, "GET", $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Party.Id}");

        Refused(answer, 401, "User not authorized", "Certificate not authorized");
    }

    [Fact]
    public async Task Discover3_UnknownInvoker_404()
    {
        var invoker = await Life.InvokerAsync();

        var answer = await Client.SendAsync(invoker.Party, "GET", "/service-apis/v1/allServiceAPIs?api-invoker-id=not-valid");

        Refused(answer, 404, "Please provide an existing Network App ID", "Certificate not found for invoker");
    }

    [Fact]
    public async Task Discover4And5_ByName_AndNothing_404()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var published = (await Life.PublishAsync(provider.Apf, ClientBodies.Service("discover_4", provider.Aef.Id))).Expect(201);
        (await Life.PublishAsync(provider.Apf, ClientBodies.Service("discover_4_other", provider.Aef.Id))).Expect(201);

        var found = Of(await Life.DiscoverAsync(invoker, "&api-name=discover_4"), 200, "DiscoveredAPIs");

        Same(published.Body, Assert.Single(found["serviceAPIDescriptions"]!.AsArray()));
        Refused(
            await Life.DiscoverAsync(invoker, "&api-name=not-valid"), 404,
            $"API Invoker {invoker.Party.Id} has no API Published that accomplish filter conditions", "No API Published accomplish filter conditions");
    }

    [Fact]
    public async Task Discover6_AnInactiveServiceApi_IsFound()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var body = ClientBodies.Service("discover_6", provider.Aef.Id, "020");
        body["apiStatus"] = new System.Text.Json.Nodes.JsonObject { ["aefIds"] = new System.Text.Json.Nodes.JsonArray() };
        var published = (await Life.PublishAsync(provider.Apf, body)).Expect(201);

        var found = Of(await Life.DiscoverAsync(invoker, "&api-name=discover_6"), 200, "DiscoveredAPIs");

        Same(published.Body, Assert.Single(found["serviceAPIDescriptions"]!.AsArray()));
    }
}
