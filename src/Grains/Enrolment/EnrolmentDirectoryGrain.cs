using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Enrolment;

/// <inheritdoc cref="IEnrolmentDirectoryGrain"/>
[GrainType("enrolmentdirectory")]
internal sealed class EnrolmentDirectoryGrain(
    [PersistentState("users", GrainStorage.Name)] IPersistentState<EnrolmentDirectoryState> state) : Grain, IEnrolmentDirectoryGrain
{
    /// <inheritdoc/>
    public Task AddAsync(EnrolmentUser user, CancellationToken cancellationToken) => StoreAsync(state.State.Users.SetItem(
        user.UserName,
        new ListedUser { Uuid = user.Uuid, IsAdministrator = user.IsAdministrator, NeedsApproval = user.NeedsApproval, CreatedAt = user.CreatedAt }));

    /// <inheritdoc/>
    public Task RemoveAsync(string userName, string uuid, CancellationToken cancellationToken) =>
        state.State.Users.TryGetValue(userName, out var listed) && listed.Uuid == uuid
            ? StoreAsync(state.State.Users.Remove(userName))
            : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<EnrolmentUser?> FindAsync(string uuid, CancellationToken cancellationToken)
    {
        foreach (var (name, listed) in state.State.Users)
        {
            if (listed.Uuid == uuid)
                return Task.FromResult<EnrolmentUser?>(Describe(name, listed));
        }

        return Task.FromResult<EnrolmentUser?>(null);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<EnrolmentUser>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<EnrolmentUser>>([.. state.State.Users.Select(entry => Describe(entry.Key, entry.Value))]);

    private async Task StoreAsync(ImmutableSortedDictionary<string, ListedUser> users)
    {
        state.State.Users = users;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Nobody knows whether it was written: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }
    }

    private static EnrolmentUser Describe(string userName, ListedUser listed) => new()
    {
        UserName = userName,
        Uuid = listed.Uuid,
        IsAdministrator = listed.IsAdministrator,
        NeedsApproval = listed.NeedsApproval,
        CreatedAt = listed.CreatedAt,
    };
}
