using System.Net;

namespace CapifOrleans.EndToEnd.Publish;

/// <summary>Get_Service_API and Unpublish_Service_API on the wire (29.222 5.3.2.3, 5.3.2.4): there, gone, twice, never there.</summary>
[Collection(nameof(CoreCollection))]
public sealed class UnpublishServiceApiTests(CoreFixture core)
{
    [Fact]
    public async Task Unpublished_IsGoneFromEverywhere_AndTwice_404()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync();
        var path = $"{provider.Published}/{published["apiId"]}";
        using var invoker = await core.OnboardAsync();
        var discovery = $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Id}&api-name={published["apiName"]}";
        using var found = await core.SendAsync(invoker, HttpMethod.Get, discovery);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);

        using var gone = await core.SendAsync(provider.Apf, HttpMethod.Delete, path);

        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Get, discovery), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Get, path), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(await core.SendAsync(provider.Apf, HttpMethod.Delete, path), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AnotherApfsServiceApi_404_AndStays()
    {
        using var provider = await ProviderScenario.RegisterAsync(core);
        using var other = await ProviderScenario.RegisterAsync(core);
        var published = await provider.PublishAsync();
        // By its own collection it is not there, by the owner's it is nobody's.
        await CoreFixture.RefusedAsync(await core.SendAsync(other.Apf, HttpMethod.Delete, $"{other.Published}/{published["apiId"]}"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(await core.SendAsync(other.Apf, HttpMethod.Delete, $"{provider.Published}/{published["apiId"]}"), HttpStatusCode.NotFound);
        using var read = await core.SendAsync(provider.Apf, HttpMethod.Get, $"{provider.Published}/{published["apiId"]}");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }
}
