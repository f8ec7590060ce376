using CapifOrleans.Grains.Storage;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>What is stored of a function.</summary>
internal sealed class ProviderFunctionState
{
    /// <summary>The record; null when there is no such function.</summary>
    public ProviderFunctionRecord? Record { get; set; }
}

/// <inheritdoc/>
[GrainType("provider-function")]
internal sealed class ProviderFunctionGrain(
    [PersistentState("function", GrainStorage.Name)] IPersistentState<ProviderFunctionState> state) : Grain, IProviderFunctionGrain
{
    /// <inheritdoc/>
    public async Task RecordAsync(ProviderFunctionRecord record, CancellationToken cancellationToken)
    {
        if (state.State.Record == record)
            return;
        state.State.Record = record;
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

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
            await state.ClearStateAsync();
    }

    /// <inheritdoc/>
    public Task<ProviderFunctionRecord?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Record);

    /// <inheritdoc/>
    public Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken)
    {
        CallerIdentity? found = state.State.Record is { } record && record.CertificateThumbprint == certificate.Thumbprint
            ? new CallerIdentity
            {
                Role = record.Role,
                Id = this.GetPrimaryKeyString(),
                ApiProvDomId = record.ApiProvDomId,
                CertificateExpiresAt = record.CertificateExpiresAt,
            }
            : null;
        return Task.FromResult(found);
    }
}
