using CapifOrleans.Exposure;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Exposure;

/// <summary>What is stored of an AEF's duties.</summary>
internal sealed class AefState
{
    /// <summary>The API invokers that it must refuse, by apiInvokerId.</summary>
    public Dictionary<string, InvokerRevocation> Revocations { get; set; } = [];

    /// <summary>Authorizations that ended before the tokens that they cover, in their order.</summary>
    public List<AuthorizationRevocation> RevokedAuthorizations { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("aef")]
internal sealed partial class AefGrain(
    [PersistentState("aef", GrainStorage.Name)] IPersistentState<AefState> state, TimeProvider time, ILogger<AefGrain> logger) : Grain, IAefGrain
{
    // An acknowledgement that comes late is still worth its record; after this nobody asks.
    private static readonly TimeSpan KeepAfterwards = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public async Task InvokerOffboardedAsync(InvokerRevocation revocation, CancellationToken cancellationToken)
    {
        if (!state.State.Revocations.TryAdd(revocation.ApiInvokerId, revocation))
            return;
        var now = time.GetUtcNow();
        foreach (var old in state.State.Revocations.Values.Where(one => IsOver(one, now)).ToList())
            state.State.Revocations.Remove(old.ApiInvokerId);
        await WriteAsync();
        if (await TellAsync(Whole(revocation)))
            await AcknowledgeAsync(revocation.ApiInvokerId, revocation.EventId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AcknowledgeAsync(string apiInvokerId, string eventId, CancellationToken cancellationToken)
    {
        var revoked = state.State.RevokedAuthorizations;
        var index = revoked.FindIndex(one => one.RevocationId == eventId && one.ApiInvokerId == apiInvokerId && one.AcknowledgedAt is null);
        if (index >= 0)
        {
            revoked[index] = revoked[index] with { AcknowledgedAt = time.GetUtcNow() };
            await WriteAsync();
            return;
        }

        if (!state.State.Revocations.TryGetValue(apiInvokerId, out var known) || known.EventId != eventId || known.AcknowledgedAt is not null)
            return;
        state.State.Revocations[apiInvokerId] = known with { AcknowledgedAt = time.GetUtcNow() };
        await WriteAsync();
    }

    /// <inheritdoc/>
    public Task<InvokerRevocation?> GetRevocationAsync(string apiInvokerId, CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Revocations.GetValueOrDefault(apiInvokerId) is { } known && !IsOver(known, time.GetUtcNow()) ? known : null);

    /// <inheritdoc/>
    public async Task AuthorizationRevokedAsync(AuthorizationRevocation revocation, CancellationToken cancellationToken)
    {
        var revoked = state.State.RevokedAuthorizations;
        if (revoked.Exists(one => one.RevocationId == revocation.RevocationId))
            return;
        var now = time.GetUtcNow();
        revoked.RemoveAll(one => one.KeepUntil <= now);
        revoked.Add(revocation);
        await WriteAsync();
        if (await TellAsync(revocation))
            await AcknowledgeAsync(revocation.ApiInvokerId, revocation.RevocationId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AuthorizationRevocation>> GetAuthorizationRevocationsAsync(string apiInvokerId, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<AuthorizationRevocation>>([.. state.State.RevokedAuthorizations.Where(one => one.ApiInvokerId == apiInvokerId)]);

    /// <inheritdoc/>
    public Task<bool> IsRevokedAsync(PresentedToken token, CancellationToken cancellationToken) => Task.FromResult(
        (state.State.Revocations.TryGetValue(token.ApiInvokerId, out var offboarded) && token.IssuedAt <= offboarded.RevokedAt)
        || state.State.RevokedAuthorizations.Exists(one => one.Covers(token)));

    // Acknowledged, it has served its purpose once nothing of the invoker can be valid.
    private static bool IsOver(InvokerRevocation one, DateTimeOffset now) =>
        now >= (one.AcknowledgedAt is null ? one.KeepUntil + KeepAfterwards : one.KeepUntil);

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
