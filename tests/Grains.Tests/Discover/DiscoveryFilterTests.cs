using CapifOrleans.Discover;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Tests.ProviderManagement;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Discover;

/// <summary>Each filter of 29.222 8.1.2.2.3.1 by itself, then all of them against the plain reading of the clause.</summary>
public sealed class DiscoveryFilterTests
{
    private static readonly DiscoveryQuery Everything = new() { ApiInvokerId = "invoker" };

    [Fact]
    public void Nothing_asked_finds_all() => Assert.True(DiscoveryFilter.Passes(Everything, Api()));

    [Theory]
    [InlineData("things", true)]
    [InlineData("thing", false)]
    [InlineData("Things", false)]
    public void Api_name_is_the_same_name(string name, bool passes) =>
        Assert.Equal(passes, DiscoveryFilter.Passes(Everything with { ApiName = name }, Api()));

    [Fact]
    public void Api_ids_hold_its_identifier()
    {
        Assert.True(DiscoveryFilter.Passes(Everything with { ApiIds = ["other", "id"] }, Api()));
        Assert.False(DiscoveryFilter.Passes(Everything with { ApiIds = ["other"] }, Api()));
    }

    [Theory]
    [InlineData("5", "5", true)]
    [InlineData("4", "5", true)]
    [InlineData("2", "5", false)]
    [InlineData("005", "5", true)]
    [InlineData("15", "5", false)]
    [InlineData("0", null, true)]
    [InlineData("1", null, false)]
    public void Api_supported_features_are_all_supported(string wanted, string? supported, bool passes) => Assert.Equal(passes, DiscoveryFilter.Passes(
        Everything with { ApiSupportedFeatures = ProviderHost.Features(wanted) },
        Api() with { ApiSuppFeats = supported is null ? null : ProviderHost.Features(supported) }));

    [Fact]
    public void Vendor_extensions_are_found_by_who_knows_them_or_says_nothing()
    {
        var plain = Api();
        var extended = Descriptions.WithVendorSpecific("things", "aef") with { ApiId = "id" };
        var knows = Everything with { SupportedFeatures = ProviderHost.Features("2") };
        var doesNot = Everything with { SupportedFeatures = ProviderHost.Features("0") };

        Assert.Equal((true, true), (DiscoveryFilter.Passes(Everything, plain), DiscoveryFilter.Passes(Everything, extended)));
        Assert.Equal((false, true), (DiscoveryFilter.Passes(knows, plain), DiscoveryFilter.Passes(knows, extended)));
        Assert.Equal((true, false), (DiscoveryFilter.Passes(doesNot, plain), DiscoveryFilter.Passes(doesNot, extended)));
    }

    [Fact]
    public void What_one_profile_must_have_is_not_gathered_from_two()
    {
        var first = Api().AefProfiles!.Value[0];
        var api = Api() with { AefProfiles = [first, first with { AefId = "other", Protocol = Protocol.Http11 }] };

        Assert.True(DiscoveryFilter.Passes(Everything with { AefId = "other", Protocol = Protocol.Http11 }, api));
        Assert.False(DiscoveryFilter.Passes(Everything with { AefId = "aef", Protocol = Protocol.Http11 }, api));
    }

    [Fact]
    public void What_one_version_must_have_is_not_gathered_from_two()
    {
        var first = Api().AefProfiles!.Value[0];
        var second = first.Versions[0] with
        {
            ApiVersion = "v2",
            Resources = null,
            CustOperations = [new CustomOperation { CustOpName = "notify", CommType = CommunicationType.SubscribeNotify }],
        };
        var api = Api() with { AefProfiles = [first with { Versions = [first.Versions[0], second] }] };

        Assert.True(DiscoveryFilter.Passes(Everything with { ApiVersion = "v2", CommunicationType = CommunicationType.SubscribeNotify }, api));
        Assert.False(DiscoveryFilter.Passes(Everything with { ApiVersion = "v1", CommunicationType = CommunicationType.SubscribeNotify }, api));
    }

    [Fact]
    public void Any_query_on_any_service_api_is_as_the_clause_reads()
    {
        var random = new Random(29222);
        var outcomes = new int[2];
        for (var round = 0; round < 20_000; round++)
        {
            var api = RandomApi(random);
            var query = RandomQuery(random);
            var expected = PlainReading(query, api);
            Assert.True(expected == DiscoveryFilter.Passes(query, api), $"round {round}: {query} on {Descriptions.JsonOf(api)}");
            outcomes[expected ? 1 : 0]++;
        }

        // Both ways, or the rounds would prove nothing.
        Assert.All(outcomes, count => Assert.True(count > 1000));
    }

    private static ServiceApiDescription Api() => Descriptions.New("things", "aef") with { ApiId = "id" };

    /// <summary>Every filter as a list of demands on (profile, version) pairs and on the description.</summary>
    private static bool PlainReading(DiscoveryQuery query, ServiceApiDescription api)
    {
        if (query.ApiName is { } name && api.ApiName != name)
            return false;
        if (query.ApiCategory is { } category && api.ServiceApiCategory != category)
            return false;
        if (query.RequestedApiProviderName is { } provider && api.ApiProvName != provider)
            return false;
        if (query.ApiIds is { } ids && !ids.Contains(api.ApiId!))
            return false;
        if (query.AefId is null && query.Protocol is null && query.DataFormat is null && query.ApiVersion is null && query.CommunicationType is null)
            return true;
        foreach (var profile in api.AefProfiles ?? [])
        {
            foreach (var version in profile.Versions)
            {
                var types = new List<CommunicationType>();
                types.AddRange((version.Resources ?? []).Select(one => one.CommType));
                types.AddRange((version.CustOperations ?? []).Select(one => one.CommType));
                if ((query.AefId is null || profile.AefId == query.AefId)
                    && (query.Protocol is null || profile.Protocol == query.Protocol)
                    && (query.DataFormat is null || profile.DataFormat == query.DataFormat)
                    && (query.ApiVersion is null || version.ApiVersion == query.ApiVersion)
                    && (query.CommunicationType is null || types.Contains(query.CommunicationType.Value)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ServiceApiDescription RandomApi(Random random) => new()
    {
        ApiName = Pick(random, "a", "b"),
        ApiId = Pick(random, "1", "2", "3"),
        ServiceApiCategory = Maybe(random, "x", "y"),
        ApiProvName = Maybe(random, "p", "q"),
        AefProfiles = random.Next(8) == 0 ? null : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomProfile(random))],
    };

    private static AefProfile RandomProfile(Random random) => new()
    {
        AefId = Pick(random, "aef1", "aef2"),
        Protocol = random.Next(3) == 0 ? null : (Protocol)random.Next(2),
        DataFormat = random.Next(3) == 0 ? null : (DataFormat)random.Next(2),
        DomainName = "example.org",
        Versions = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new CapifOrleans.Publish.Version
        {
            ApiVersion = Pick(random, "v1", "v2"),
            Resources = random.Next(3) == 0 ? null : [new Resource { ResourceName = "r", Uri = "/r", CommType = (CommunicationType)random.Next(2) }],
            CustOperations = random.Next(3) > 0 ? null : [new CustomOperation { CustOpName = "o", CommType = (CommunicationType)random.Next(2) }],
        })],
    };

    private static DiscoveryQuery RandomQuery(Random random) => new()
    {
        ApiInvokerId = "invoker",
        ApiName = Rarely(random, "a", "b"),
        ApiCategory = Rarely(random, "x", "y"),
        RequestedApiProviderName = Rarely(random, "p", "q"),
        ApiIds = random.Next(4) > 0 ? null : ["1", "3"],
        AefId = Rarely(random, "aef1", "aef2"),
        Protocol = random.Next(4) > 0 ? null : (Protocol)random.Next(2),
        DataFormat = random.Next(4) > 0 ? null : (DataFormat)random.Next(2),
        ApiVersion = Rarely(random, "v1", "v2"),
        CommunicationType = random.Next(4) > 0 ? null : (CommunicationType)random.Next(2),
    };

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];

    private static string? Maybe(Random random, params string[] values) => random.Next(3) == 0 ? null : Pick(random, values);

    private static string? Rarely(Random random, params string[] values) => random.Next(4) > 0 ? null : Pick(random, values);
}
