using System.Runtime.InteropServices;
using CapifOrleans.Events;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// What one discovery worker counted since it last told the durable counts (SERVICE_API_DISCOVERY_BY_API_INVOKERS_COUNT). Counting costs a
/// look-up and no allocation for each service API that was met before.
/// </summary>
internal sealed class DiscoveryTallies
{
    private readonly Dictionary<string, (long Requests, long Responses)> _counted = new(StringComparer.Ordinal);

    /// <summary>Whether anything was counted.</summary>
    public bool IsEmpty => _counted.Count == 0;

    /// <summary>A discovery asked for this service API, and found it or not.</summary>
    public void Count(string apiId, bool isFound)
    {
        ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_counted, apiId, out _);
        counted.Requests++;
        if (isFound)
            counted.Responses++;
    }

    /// <summary>Takes what was counted; it is empty then.</summary>
    public ImmutableArray<DiscoveryTally> Take()
    {
        ImmutableArray<DiscoveryTally> taken =
            [.. _counted.Select(one => new DiscoveryTally { ApiId = one.Key, Requests = one.Value.Requests, Responses = one.Value.Responses })];
        _counted.Clear();
        return taken;
    }

    /// <summary>Puts back what could not be told.</summary>
    public void PutBack(ImmutableArray<DiscoveryTally> taken)
    {
        foreach (var one in taken)
        {
            ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_counted, one.ApiId, out _);
            counted = (counted.Requests + one.Requests, counted.Responses + one.Responses);
        }
    }
}
