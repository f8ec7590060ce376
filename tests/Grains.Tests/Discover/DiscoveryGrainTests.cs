using CapifOrleans.Discover;
using CapifOrleans.Grains.Tests.ProviderManagement;
using CapifOrleans.Publish;
using static CapifOrleans.Grains.Tests.Publish.Descriptions;

namespace CapifOrleans.Grains.Tests.Discover;

public sealed class DiscoveryGrainTests
{
    private static readonly DiscoveryQuery Everything = new() { ApiInvokerId = "invoker" };

    [Fact]
    public async Task Nothing_found_is_no_body()
    {
        await using var host = await ProviderHost.StartAsync();

        Assert.Null((await host.Discovery.DiscoverAsync(Everything, default)).Body);
    }

    [Fact]
    public async Task Shareable_information_is_not_told()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("api", aefId) with { ShareableInfo = new ShareableInformation { IsShareable = true } });

        var found = Found(await host.Discovery.DiscoverAsync(Everything, default));

        Assert.NotNull(published.ShareableInfo);
        Assert.Equal([JsonOf(published with { ShareableInfo = null })], found);
    }

    [Fact]
    public async Task Vendor_specific_attributes_are_shown_to_who_knows_them()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, WithVendorSpecific("api", aefId));

        var knowing = Found(await host.Discovery.DiscoverAsync(Everything with { SupportedFeatures = ProviderHost.Features("2") }, default));
        var silent = Found(await host.Discovery.DiscoverAsync(Everything, default));

        Assert.Equal([JsonOf(published)], knowing);
        Assert.Equal([JsonOf(published.WithoutVendorSpecific())], silent);
        Assert.DoesNotContain("vendorSpecific", silent[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_by_index_find_what_they_name()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var one = await PublishedAsync(host, apf, New("one", aefId));
        var two = await PublishedAsync(host, apf, New("two", aefId));
        var other = await PublishedAsync(host, apf, New("one", "other AEF"));

        Assert.Equal([JsonOf(one), JsonOf(other)], await FindAsync(Everything with { ApiName = "one" }));
        Assert.Equal([JsonOf(one), JsonOf(two)], await FindAsync(Everything with { AefId = aefId }));
        Assert.Equal([JsonOf(one)], await FindAsync(Everything with { ApiName = "one", AefId = aefId }));
        Assert.Equal([JsonOf(two), JsonOf(one)], await FindAsync(Everything with { ApiIds = [two.ApiId!, one.ApiId!, "unknown", two.ApiId!] }));
        Assert.Equal(3, (await FindAsync(Everything)).Count);

        async Task<IReadOnlyList<string>> FindAsync(DiscoveryQuery query) => Found(await host.Discovery.DiscoverAsync(query, default));
    }

    [Fact]
    public async Task A_preferred_location_narrows_what_is_found_and_is_ignored_where_nothing_is()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var here = await PublishedAsync(host, apf, At("one", aefId, "here"));
        var there = await PublishedAsync(host, apf, At("two", aefId, "there"));
        var nowhere = await PublishedAsync(host, apf, New("three", aefId));

        Assert.Equal([JsonOf(here)], await FindAsync("here", null));
        Assert.Equal([JsonOf(here), JsonOf(there), JsonOf(nowhere)], await FindAsync("elsewhere", null));
        // All others must hold: what is there and has another name is not found for its place.
        Assert.Equal([JsonOf(there)], await FindAsync("here", "two"));

        async Task<IReadOnlyList<string>> FindAsync(string dcId, string? name) => Found(await host.Discovery.DiscoverAsync(
            Everything with { ApiName = name, PreferredAefLocation = new AefLocation { DcId = dcId } }, default));

        static ServiceApiDescription At(string name, string aefId, string dcId)
        {
            var description = New(name, aefId);
            return description with { AefProfiles = [description.AefProfiles!.Value[0] with { AefLocation = new AefLocation { DcId = dcId } }] };
        }
    }

    [Fact]
    public async Task Every_worker_sees_what_was_published_before_it_was_asked()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        for (var round = 0; round < 20; round++)
        {
            await PublishedAsync(host, apf, New($"api{round}", aefId));
            // More at a time than one worker takes.
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Discovery.DiscoverAsync(Everything, default)));
            Assert.All(answers, answer => Assert.Equal(round + 1, Found(answer).Count));
        }
    }

    [Fact]
    public async Task Interfaces_and_identifiers_lead_to_who_published()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("api", aefId));

        var byInterface = await host.Discovery.FindByInterfaceAsync(new InterfaceDescription { Ipv4Addr = "192.0.2.1" }, default);
        var byPort = await host.Discovery.FindByInterfaceAsync(new InterfaceDescription { Ipv4Addr = "192.0.2.1", Port = 1 }, default);
        var byAef = await host.Discovery.FindByAefAsync(aefId, "api", default);
        var byId = await host.Discovery.FindByIdAsync(published.ApiId!, default);

        Assert.Equal(published.ApiId, Assert.Single(byInterface).Description.ApiId);
        Assert.Empty(byPort);
        Assert.Equal(apf.Id, Assert.Single(byAef).ApfId);
        Assert.Equal(apf.ApiProvDomId, byId!.ApiProvDomId);
        Assert.Null(await host.Discovery.FindByIdAsync("unknown", default));
    }

    private static async Task<ServiceApiDescription> PublishedAsync(ProviderHost host, CallerIdentity apf, ServiceApiDescription description)
    {
        var outcome = await host.Publisher(apf.Id).PublishAsync(apf, description, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }
}
