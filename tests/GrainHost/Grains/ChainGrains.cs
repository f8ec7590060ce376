using Orleans;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>Calls along a path of grains, so that a path can come back to where it began.</summary>
[Alias("test.IChainGrain")]
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls the first grain of the path (keys with commas between) with the rest of it; says "end of chain" where it is empty.</summary>
    [Alias("Follow")]
    Task<int> FollowAsync(string path);

    /// <summary>Like <see cref="FollowAsync"/>, and may be called back meanwhile.</summary>
    [Alias("FollowReentrantly")]
    Task<int> FollowReentrantlyAsync(string path);

    /// <summary>Allows calls back for one path, ends that, and follows the path once more.</summary>
    [Alias("FollowTwice")]
    Task<int> FollowTwiceAsync(string path);

    [Alias("Ping")]
    Task PingAsync();
}

[GrainType("chain")]
public sealed class ChainGrain(Gates gates) : Grain, IChainGrain
{
    public async Task<int> FollowAsync(string path)
    {
        gates.Say($"{this.GetPrimaryKeyString()} follows");
        if (path.Length == 0)
        {
            gates.Say("end of chain");
            return 1;
        }

        var cut = path.IndexOf(',', StringComparison.Ordinal);
        var (next, rest) = cut < 0 ? (path, "") : (path[..cut], path[(cut + 1)..]);
        return await GrainFactory.GetGrain<IChainGrain>(next).FollowAsync(rest) + 1;
    }

    public async Task<int> FollowReentrantlyAsync(string path)
    {
        using (RequestContext.AllowCallChainReentrancy())
            return await FollowAsync(path);
    }

    public async Task<int> FollowTwiceAsync(string path)
    {
        var first = await FollowReentrantlyAsync(path);
        return first + await FollowAsync(path);
    }

    public Task PingAsync() => Task.CompletedTask;
}
