using CapifOrleans.AccessControl;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.AccessControl;

/// <inheritdoc/>
[GrainType("access-control-policy")]
internal sealed class AccessControlPolicyGrain([PersistentState("policy", GrainStorage.Name)] IPersistentState<AccessControlPolicyState> state)
    : Grain, IAccessControlPolicyGrain
{
    /// <inheritdoc/>
    public async Task<ServiceApiPolicies> UseAsync(string share, CancellationToken cancellationToken)
    {
        if (state.State.Shares.Add(share))
            await WriteAsync();
        return Report();
    }

    /// <inheritdoc/>
    public Task<ServiceApiPolicies> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Report());

    /// <inheritdoc/>
    public async Task SetDefaultAsync(ApiInvokerPolicy? policy, CancellationToken cancellationToken)
    {
        state.State.Default = policy;
        await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
            await state.ClearStateAsync();
        DeactivateOnIdle();
    }

    private ServiceApiPolicies Report() => new() { Default = state.State.Default, Shares = [.. state.State.Shares] };

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
