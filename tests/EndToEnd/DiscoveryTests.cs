using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>29.222 8.1.2.2.3.1 on the wire: what a discovery's parameters find, and how wrong ones are refused.</summary>
[Collection(nameof(CoreCollection))]
public sealed class DiscoveryTests(CoreFixture core)
{
    private const string Path = "/service-apis/v1/allServiceAPIs";

    [Theory]
    [InlineData("comm-type=SHOUTING", "comm-type")]
    [InlineData("protocol=GOPHER", "protocol")]
    [InlineData("data-format=CSV", "data-format")]
    [InlineData("supported-features=xyz", "supported-features")]
    [InlineData("api-name=a&api-name=b", "api-name")]
    [InlineData("api-supported-features=1", "api-supported-features")]
    [InlineData("api-ids=", "api-ids")]
    [InlineData("api-ids=a&aef-id=b", "api-ids")]
    [InlineData("grant-types=%5B%22CLIENT_CREDENTIALS%22%5D", "grant-types")]
    [InlineData("vend-spec-etsi=%7B%7D", "vend-spec-etsi")]
    public async Task WrongParameter_400_NamesIt(string parameters, string name)
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await DiscoverAsync(invoker, parameters), HttpStatusCode.BadRequest, name);
    }

    [Fact]
    public async Task NoApiInvokerId_400_NamesIt()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await core.SendAsync(invoker, HttpMethod.Get, Path), HttpStatusCode.BadRequest, "api-invoker-id");
    }

    [Fact]
    public async Task NothingFound_404()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(await DiscoverAsync(invoker, "api-name=nobody-published-this"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api-name={name}")]
    [InlineData("api-name={name}&aef-id={aef}&api-version=v1&comm-type=REQUEST_RESPONSE&protocol=HTTP_1_1&data-format=JSON")]
    [InlineData("api-ids=unknown,{id}")]
    [InlineData("api-ids={id}&supported-features=0")]
    [InlineData("not-a-parameter-of-the-standard=1")]
    public async Task RightParameters_FindTheServiceApi(string parameters)
    {
        using var invoker = await core.OnboardAsync();
        using var answer = await DiscoverAsync(
            invoker, parameters.Replace("{name}", core.Run.ApiName).Replace("{aef}", core.Run.Aef.Id).Replace("{id}", core.Run.ApiId));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var found = (await CoreFixture.JsonAsync(answer))["serviceAPIDescriptions"]!.AsArray();
        using var published = await core.SendAsync(core.Run.Apf, HttpMethod.Get, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis/{core.Run.ApiId}");
        var expected = await CoreFixture.JsonAsync(published);
        Assert.Contains(found, one => JsonNode.DeepEquals(one, expected));
    }

    private Task<HttpResponseMessage> DiscoverAsync(DemoParty invoker, string parameters) =>
        core.SendAsync(invoker, HttpMethod.Get, $"{Path}?api-invoker-id={invoker.Id}&{parameters}");
}
