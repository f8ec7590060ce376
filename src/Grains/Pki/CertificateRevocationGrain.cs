using CapifOrleans.Grains.Storage;
using CapifOrleans.Pki;

namespace CapifOrleans.Grains.Pki;

/// <summary>What a shard of revocations stores.</summary>
internal sealed class CertificateRevocationState
{
    /// <summary>The revoked certificates by serial number.</summary>
    public Dictionary<string, RevokedCertificate> Revoked { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("certificate-revocation")]
internal sealed class CertificateRevocationGrain(
    [PersistentState("revocations", GrainStorage.Name)] IPersistentState<CertificateRevocationState> state, TimeProvider time)
    : Grain, ICertificateRevocationGrain
{
    /// <inheritdoc/>
    public async Task RevokeAsync(RevokedCertificate certificate, CancellationToken cancellationToken)
    {
        if (state.State.Revoked.TryAdd(certificate.SerialNumber, certificate))
        {
            var now = time.GetUtcNow();
            foreach (var expired in state.State.Revoked.Values.Where(one => one.ExpiresAt <= now).ToList())
                state.State.Revoked.Remove(expired.SerialNumber);
            await WriteAsync();
        }

        // Also when it was there: the first try may have been interrupted before this.
        await GrainFactory.GetGrain<ICertificateAuthorityGrain>("issuing").RevocationsChangedAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> IsRevokedAsync(string serialNumber, CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Revoked.ContainsKey(serialNumber));

    /// <inheritdoc/>
    public Task<ImmutableArray<RevokedCertificate>> GetRevokedAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<ImmutableArray<RevokedCertificate>>([.. state.State.Revoked.Values.Where(one => one.ExpiresAt > now)]);
    }

    /// <summary>Writes the state. Where that fails the activation ends: memory must not know more than the disk.</summary>
    private async Task WriteAsync()
    {
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
