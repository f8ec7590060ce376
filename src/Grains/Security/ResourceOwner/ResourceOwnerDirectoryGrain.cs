using CapifOrleans.Grains.Storage;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <inheritdoc/>
[GrainType("resource-owner-directory")]
internal sealed class ResourceOwnerDirectoryGrain(
    [PersistentState("owners", GrainStorage.Name)] IPersistentState<ResourceOwnerDirectoryState> state) : Grain, IResourceOwnerDirectoryGrain
{
    /// <inheritdoc/>
    public Task AddAsync(ResourceOwnerAccount account, CancellationToken cancellationToken) =>
        StoreAsync(state.State.Owners.SetItem(account.Gpsi, account.CreatedAt));

    /// <inheritdoc/>
    public Task RemoveAsync(string gpsi, CancellationToken cancellationToken) =>
        state.State.Owners.ContainsKey(gpsi) ? StoreAsync(state.State.Owners.Remove(gpsi)) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ImmutableArray<ResourceOwnerAccount>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<ResourceOwnerAccount>>(
        [.. state.State.Owners.Select(entry => new ResourceOwnerAccount { Gpsi = entry.Key, CreatedAt = entry.Value })]);

    private async Task StoreAsync(ImmutableSortedDictionary<string, DateTimeOffset> owners)
    {
        state.State.Owners = owners;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
