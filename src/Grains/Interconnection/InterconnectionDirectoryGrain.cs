using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
[GrainType("interconnection-directory")]
internal sealed class InterconnectionDirectoryGrain(
    [PersistentState("directory", GrainStorage.Name)] IPersistentState<InterconnectionDirectoryState> state) : Grain, IInterconnectionDirectoryGrain
{
    /// <inheritdoc/>
    public Task<ImmutableArray<InterconnectedCcf>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<InterconnectedCcf>>([.. state.State.Ccfs.Values]);

    /// <inheritdoc/>
    public async Task PutAsync(InterconnectedCcf ccf, CancellationToken cancellationToken)
    {
        state.State.Ccfs[ccf.CcfId] = ccf;
        await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string ccfId, CancellationToken cancellationToken)
    {
        if (state.State.Ccfs.Remove(ccfId))
            await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var ccfId in state.State.Ccfs.Keys)
            await GrainFactory.GetGrain<IPeerSharingGrain>(ccfId).BeginAsync(cancellationToken);
    }

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Nobody is answered from memory what no disk holds.
            DeactivateOnIdle();
            throw;
        }
    }
}
