using CapifOrleans.Exposure;

namespace CapifOrleans.Grains.Exposure;

/// <summary>The AEF itself, where it runs within a core function's process: it is told by a call, before whoever revokes gets an answer.</summary>
internal sealed partial class AefGrain
{
    // They attach every 30 s; one that missed ten of them is gone.
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(5);

    // One that does not answer must not hold up an offboarding; it hears of it when it attaches again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (IAefObserver Aef, DateTimeOffset SeenAt)> _attached = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ImmutableArray<AuthorizationRevocation>> AttachAsync(string processId, IAefObserver aef, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        _attached[processId] = (aef, now);
        return Task.FromResult<ImmutableArray<AuthorizationRevocation>>(
        [
            .. state.State.Revocations.Values.Where(one => !IsOver(one, now)).Select(Whole),
            .. state.State.RevokedAuthorizations.Where(one => one.KeepUntil > now),
        ]);
    }

    /// <summary>Tells all that are attached; true when there are some, and each did it.</summary>
    private async Task<bool> TellAsync(AuthorizationRevocation revocation)
    {
        var now = time.GetUtcNow();
        foreach (var (gone, _) in _attached.Where(one => now - one.Value.SeenAt > Forget).ToList())
            _attached.Remove(gone);
        var done = await Task.WhenAll(_attached.ToList().Select(one => TellAsync(one.Key, one.Value.Aef, revocation)));
        return done.Length > 0 && done.All(one => one);
    }

    private async Task<bool> TellAsync(string processId, IAefObserver aef, AuthorizationRevocation revocation)
    {
        try
        {
            await aef.RevokeAsync(revocation).WaitAsync(Patience, time);
            return true;
        }
#pragma warning disable CA1031 // Whatever it fails with, it is told again when it attaches.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _attached.Remove(processId);
            AefLost(logger, fault);
            return false;
        }
    }

    private static AuthorizationRevocation Whole(InvokerRevocation offboarded) => new()
    {
        RevocationId = offboarded.EventId,
        ApiInvokerId = offboarded.ApiInvokerId,
        RevokedAt = offboarded.RevokedAt,
        KeepUntil = offboarded.KeepUntil,
    };

    [LoggerMessage(1, LogLevel.Warning, "An AEF within this core function did not take a revocation; it is told again when it attaches")]
    private static partial void AefLost(ILogger logger, Exception fault);
}
