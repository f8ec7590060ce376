using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>What a share of a peer's API invokers stores.</summary>
internal sealed class InterconnectedInvokersState
{
    /// <summary>The API invokers.</summary>
    public HashSet<string> ApiInvokerIds { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("interconnected-invokers")]
internal sealed class InterconnectedInvokersGrain(
    [PersistentState("invokers", GrainStorage.Name)] IPersistentState<InterconnectedInvokersState> state) : Grain, IInterconnectedInvokersGrain
{
    private const int Shares = 256;

    // What is durable: a listing may come in the middle of a write.
    private ImmutableArray<string> _known = [];

    /// <summary>The share of an API invoker.</summary>
    public static IInterconnectedInvokersGrain Of(IGrainFactory grains, string ccfId, string apiInvokerId) =>
        grains.GetGrain<IInterconnectedInvokersGrain>(Key(ccfId, SHA256.HashData(Encoding.UTF8.GetBytes(apiInvokerId))[0]));

    /// <summary>Every share of a peer.</summary>
    public static IEnumerable<IInterconnectedInvokersGrain> All(IGrainFactory grains, string ccfId) =>
        Enumerable.Range(0, Shares).Select(share => grains.GetGrain<IInterconnectedInvokersGrain>(Key(ccfId, share)));

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _known = [.. state.State.ApiInvokerIds];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task AddAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        if (state.State.ApiInvokerIds.Add(apiInvokerId))
            await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        if (state.State.ApiInvokerIds.Remove(apiInvokerId))
            await WriteAsync();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(_known);

    private static string Key(string ccfId, int share) => $"{ccfId}/{share.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)}";

    private async Task WriteAsync()
    {
        try
        {
            // A share without anybody costs no row.
            await (state.State.ApiInvokerIds.Count == 0 ? state.ClearStateAsync() : state.WriteStateAsync());
            _known = [.. state.State.ApiInvokerIds];
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
