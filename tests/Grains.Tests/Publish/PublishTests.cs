using System.Text;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.ProviderManagement;
using CapifOrleans.Publish;
using static CapifOrleans.Grains.Tests.Publish.Descriptions;

namespace CapifOrleans.Grains.Tests.Publish;

public sealed class PublishTests
{
    [Fact]
    public async Task A_published_service_api_has_an_identifier_and_is_discoverable_at_once()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");

        var published = await PublishedAsync(host, apf, New("api", aefId));

        Assert.Matches("^[0-9a-zA-Z]+$", published.ApiId);
        Assert.Equal(JsonOf(published), JsonOf((await host.Publisher(apf.Id).GetAsync(published.ApiId!, default)).Value!));
        Assert.Equal([JsonOf(published)], await DiscoverAsync(host, "api"));
    }

    [Fact]
    public async Task Features_are_those_that_both_sides_have_as_wide_as_they_came()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");

        var published = await PublishedAsync(host, apf, New("api", aefId, "0fe7f"));

        // Features 1 to 7 and 10; those above are of later releases, 8 and 9 are not asked for.
        Assert.Equal("0027f", published.SupportedFeatures?.Text);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart_as_it_came()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var first = await PublishedAsync(host, apf, WithVendorSpecific("vendor", aefId));
        var second = await PublishedAsync(host, apf, New("plain", aefId));

        await host.Host.RestartAsync();

        var all = await host.Publisher(apf.Id).GetAllAsync(default);
        Assert.Equal([JsonOf(first), JsonOf(second)], all.Select(JsonOf));
        Assert.Equal([JsonOf(second)], await DiscoverAsync(host, "plain"));
        Assert.Equal([JsonOf(first)], await DiscoverAsync(host, "vendor", "2"));
    }

    [Theory]
    [InlineData("apiId", """{"apiName":"a","supportedFeatures":"0","apiId":"mine"}""")]
    [InlineData("supportedFeatures", """{"apiName":"a"}""")]
    [InlineData("apiName", """{"apiName":"","supportedFeatures":"0"}""")]
    [InlineData("apiStatus", """{"apiName":"a","supportedFeatures":"0","apiStatus":{"aefIds":[]}}""")]
    [InlineData("supportedFeatures", """{"apiName":"a","supportedFeatures":"0","vendorSpecific-x":1}""")]
    [InlineData("supportedFeatures", """{"apiName":"a","supportedFeatures":"100"}""")]
    [InlineData("aefProfiles[0].aefId", """{"apiName":"a","supportedFeatures":"0","aefProfiles":[{"aefId":"","versions":[{"apiVersion":"v1"}],"domainName":"d"}]}""")]
    public async Task What_is_wrong_is_named_and_nothing_is_published(string attribute, string json)
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, _) = await host.ProviderAsync("domain");

        var refusal = (await host.Publisher(apf.Id).PublishAsync(apf, Read(json), default)).Refusal;

        Assert.Equal(ErrorKind.InvalidRequest, refusal!.Kind);
        Assert.Equal(attribute, Assert.Single(refusal.InvalidParams).Param);
        Assert.Empty(await host.Publisher(apf.Id).GetAllAsync(default));
    }

    [Fact]
    public async Task An_aef_of_another_domain_is_refused_and_one_that_nobody_registered_is_not()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, _) = await host.ProviderAsync("domain");
        var (_, foreign) = await host.ProviderAsync("another");

        var refusal = (await host.Publisher(apf.Id).PublishAsync(apf, New("api", foreign), default)).Refusal;

        Assert.Equal(ErrorKind.Forbidden, refusal!.Kind);
        Assert.Equal("aefProfiles[0].aefId", Assert.Single(refusal.InvalidParams).Param);
        await PublishedAsync(host, apf, New("api", "an AEF that is not registered here"));
    }

    [Fact]
    public async Task A_name_is_taken_once_an_aef_until_it_is_free_again()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("api", aefId));
        await PublishedAsync(host, apf, New("api", "another AEF"));

        Assert.Equal(ErrorKind.AlreadyExists, (await host.Publisher(apf.Id).PublishAsync(apf, New("api", aefId), default)).Refusal!.Kind);
        await host.Host.RestartAsync();
        Assert.Equal(ErrorKind.AlreadyExists, (await host.Publisher(apf.Id).PublishAsync(apf, New("api", aefId), default)).Refusal!.Kind);

        Assert.Null((await host.Publisher(apf.Id).UnpublishAsync(published.ApiId!, default)).Refusal);
        await PublishedAsync(host, apf, New("api", aefId));
    }

    [Fact]
    public async Task A_name_that_an_update_left_is_free()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("old", aefId));

        var updated = (await host.Publisher(apf.Id).UpdateAsync(published.ApiId!, New("new", aefId), default)).Value!;

        Assert.Equal(published.ApiId, updated.ApiId);
        Assert.Empty(await DiscoverAsync(host, "old"));
        Assert.Equal([JsonOf(updated)], await DiscoverAsync(host, "new"));
        await PublishedAsync(host, apf, New("old", aefId));
    }

    [Fact]
    public async Task An_update_must_not_change_the_identifier()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("api", aefId));

        var refusal = (await host.Publisher(apf.Id).UpdateAsync(published.ApiId!, published with { ApiId = "another" }, default)).Refusal;

        Assert.Equal(ErrorKind.ModificationNotAllowed, refusal!.Kind);
    }

    [Theory]
    [InlineData("02", """{"description":"patched"}""", null)]
    [InlineData("20", """{"apiStatus":{"aefIds":[]}}""", null)]
    [InlineData("20", """{"description":"patched"}""", ErrorKind.Forbidden)]
    [InlineData("00", """{"description":"patched"}""", ErrorKind.Forbidden)]
    [InlineData("02", """{"apiStatus":{"aefIds":[]}}""", ErrorKind.InvalidRequest)]
    [InlineData("02", """{"apiName":"another"}""", ErrorKind.ModificationNotAllowed)]
    [InlineData("02", """{"supportedFeatures":"0"}""", ErrorKind.ModificationNotAllowed)]
    [InlineData("02", """{"aefProfiles":[{}]}""", ErrorKind.InvalidRequest)]
    public async Task A_patch_changes_what_its_features_allow(string features, string patch, ErrorKind? expected)
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var published = await PublishedAsync(host, apf, New("api", aefId, features));

        var outcome = await host.Publisher(apf.Id).PatchAsync(published.ApiId!, [.. Encoding.UTF8.GetBytes(patch)], default);

        Assert.Equal(expected, outcome.Refusal?.Kind);
        var found = (await host.Publisher(apf.Id).GetAsync(published.ApiId!, default)).Value!;
        Assert.Equal(JsonOf(outcome.Value ?? published), JsonOf(found));
        Assert.Equal([JsonOf(found)], await DiscoverAsync(host, "api"));
    }

    [Fact]
    public async Task What_is_not_published_is_not_found()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var publisher = host.Publisher(apf.Id);

        Assert.Equal(ErrorKind.NotFound, (await publisher.GetAsync("unknown", default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await publisher.UpdateAsync("unknown", New("api", aefId), default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await publisher.PatchAsync("unknown", [.. "{}"u8], default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await publisher.UnpublishAsync("unknown", default)).Refusal!.Kind);
    }

    [Fact]
    public async Task A_kill_at_any_write_leaves_a_service_api_published_and_discoverable_or_neither()
    {
        for (var writes = 0; ; writes++)
        {
            await using var host = await ProviderHost.StartAsync();
            var (apf, aefId) = await host.ProviderAsync("domain");
            host.WritesLeft = writes;
            var isDone = await TryAsync(host.Publisher(apf.Id).PublishAsync(apf, New("api", aefId), default));

            await host.KillAndRestartAsync();

            var published = await host.Publisher(apf.Id).GetAllAsync(default);
            Assert.Equal(published.Select(JsonOf), await DiscoverAsync(host, "api"));
            if (isDone)
            {
                Assert.Single(published);
                return;
            }

            if (published.IsEmpty)
                await PublishedAsync(host, apf, New("api", aefId));
        }
    }

    [Fact]
    public async Task A_failed_write_leaves_no_name_taken_and_nothing_shown()
    {
        await using var host = await ProviderHost.StartAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        await PublishedAsync(host, apf, New("first", aefId));
        host.WritesLeft = 0;
        await StorageFault.EndsAsync(() => host.Publisher(apf.Id).PublishAsync(apf, New("api", aefId), default));
        host.WritesLeft = int.MaxValue;

        Assert.Single(await host.Publisher(apf.Id).GetAllAsync(default));
        Assert.Empty(await DiscoverAsync(host, "api"));
        // The catalog hears of it a little later.
        host.Host.Time.Advance(TimeSpan.FromSeconds(6));
        await PublishedAsync(host, apf, New("api", aefId));
    }

    private static async Task<bool> TryAsync(Task<Outcome<ServiceApiDescription>> publication)
    {
        try
        {
            Assert.Null((await publication).Refusal);
            return true;
        }
        catch (Exception fault) when (StorageFault.Is(fault))
        {
            return false;
        }
    }

    private static async Task<ServiceApiDescription> PublishedAsync(ProviderHost host, CallerIdentity apf, ServiceApiDescription description)
    {
        var outcome = await host.Publisher(apf.Id).PublishAsync(apf, description, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    private static async Task<IReadOnlyList<string>> DiscoverAsync(ProviderHost host, string apiName, string? features = null) =>
        Found(await host.Discovery.DiscoverAsync(
            new DiscoveryQuery { ApiInvokerId = "invoker", ApiName = apiName, SupportedFeatures = features is null ? null : ProviderHost.Features(features) },
            default));
}
