using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Discover;

/// <summary>The catalog's index and a worker's snapshot of it.</summary>
public sealed class CatalogTests
{
    [Fact]
    public void Whoever_applies_changes_has_what_the_catalog_has_however_far_behind()
    {
        var random = new Random(8122);
        var index = new CatalogIndex();
        var truth = new Dictionary<string, PublishedServiceApi>();
        var snapshots = Enumerable.Range(0, 4).Select(_ => new CatalogSnapshot()).ToList();
        for (var round = 0; round < 5_000; round++)
        {
            Change(random, index, truth);
            // The first follows at once, the last falls behind by more than is kept.
            for (var one = 0; one < snapshots.Count; one++)
            {
                if (round % (int)Math.Pow(12, one) == 0 && index.Since(snapshots[one].Version) is { } changes)
                    snapshots[one].Apply(changes);
            }

            AssertSame(truth, snapshots[0]);
        }

        foreach (var snapshot in snapshots)
        {
            if (index.Since(snapshot.Version) is { } changes)
                snapshot.Apply(changes);
            AssertSame(truth, snapshot);
            Assert.Null(index.Since(snapshot.Version));
        }
    }

    [Fact]
    public void A_version_of_another_index_gets_the_whole()
    {
        var one = new CatalogIndex();
        var other = new CatalogIndex();
        one.Put(Api("1", "a", "aef"));
        other.Put(Api("2", "b", "aef"));
        var snapshot = new CatalogSnapshot();
        snapshot.Apply(one.Since(snapshot.Version)!);

        var changes = other.Since(snapshot.Version)!;

        Assert.True(changes.IsWhole);
        snapshot.Apply(changes);
        Assert.Null(snapshot.ById("1"));
        Assert.NotNull(snapshot.ById("2"));
    }

    [Fact]
    public void A_reserved_name_is_free_when_its_service_api_is_removed_unpublished()
    {
        var index = new CatalogIndex();
        Assert.True(index.TryReserve(Api("1", "a", "aef"), out _));
        Assert.False(index.TryReserve(Api("2", "a", "aef"), out _));
        Assert.True(index.TryReserve(Api("2", "a", "other"), out _));

        index.Remove("1");

        Assert.True(index.TryReserve(Api("3", "a", "aef"), out _));
    }

    [Fact]
    public void A_refused_reservation_takes_nothing()
    {
        var index = new CatalogIndex();
        Assert.True(index.TryReserve(Api("1", "a", "aef2"), out _));

        Assert.False(index.TryReserve(Api("2", "a", "aef1", "aef2"), out _));

        Assert.True(index.TryReserve(Api("3", "a", "aef1"), out _));
    }

    [Fact]
    public void Interfaces_are_found_by_their_address()
    {
        var index = new CatalogIndex();
        index.Put(Api("1", "a", "aef"));
        var snapshot = new CatalogSnapshot();
        snapshot.Apply(index.Since(0)!);

        Assert.Single(snapshot.ByAddress("192.0.2.1"));
        Assert.Empty(snapshot.ByAddress("192.0.2.2"));
    }

    private static void Change(Random random, CatalogIndex index, Dictionary<string, PublishedServiceApi> truth)
    {
        var apiId = $"{random.Next(40)}";
        if (random.Next(3) == 0)
        {
            index.Remove(apiId);
            truth.Remove(apiId);
            return;
        }

        var api = Api(apiId, $"name{random.Next(10)}", $"aef{random.Next(5)}", $"aef{random.Next(5)}");
        index.Put(api);
        truth[apiId] = api;
    }

    private static void AssertSame(Dictionary<string, PublishedServiceApi> truth, CatalogSnapshot snapshot)
    {
        Assert.Equal(truth.Values.ToHashSet(), snapshot.All.Select(one => one.Published).ToHashSet());
        foreach (var name in Enumerable.Range(0, 10).Select(one => $"name{one}"))
        {
            Assert.Equal(
                truth.Values.Where(one => one.Description.ApiName == name).ToHashSet(),
                snapshot.ByName(name).Select(one => one.Published).ToHashSet());
        }

        foreach (var aefId in Enumerable.Range(0, 5).Select(one => $"aef{one}"))
        {
            Assert.Equal(
                truth.Values.Where(one => one.Description.AefProfiles!.Value.Any(profile => profile.AefId == aefId)).ToHashSet(),
                snapshot.ByAef(aefId).Select(one => one.Published).ToHashSet());
        }
    }

    private static PublishedServiceApi Api(string apiId, string apiName, params string[] aefIds)
    {
        var description = Descriptions.New(apiName, aefIds[0]);
        return new PublishedServiceApi
        {
            Description = description with
            {
                ApiId = apiId,
                AefProfiles = [.. aefIds.Select(aefId => description.AefProfiles!.Value[0] with { AefId = aefId })],
            },
            ApfId = "apf",
            ApiProvDomId = "domain",
        };
    }
}
