using CapifOrleans.Connections;

namespace CapifOrleans.Grains.Connections;

/// <inheritdoc/>
[GrainType("frontend-directory")]
internal sealed partial class FrontendDirectoryGrain(TimeProvider time, ILogger<FrontendDirectoryGrain> logger) : Grain, IFrontendDirectoryGrain
{
    // Frontends register every 30 s; one that missed ten of them is gone.
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(5);

    // A frontend that does not answer must not hold up the offboarding of an invoker.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (IFrontendObserver Frontend, DateTimeOffset SeenAt)> _frontends = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task RegisterAsync(string frontendId, IFrontendObserver frontend, CancellationToken cancellationToken)
    {
        _frontends[frontendId] = (frontend, time.GetUtcNow());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task UnregisterAsync(string frontendId, CancellationToken cancellationToken)
    {
        _frontends.Remove(frontendId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task CloseConnectionsAsync(string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (gone, _) in _frontends.Where(one => now - one.Value.SeenAt > Forget).ToList())
            _frontends.Remove(gone);
        await Task.WhenAll(_frontends.ToList().Select(one => CloseAsync(one.Key, one.Value.Frontend, id)));
    }

    private async Task CloseAsync(string frontendId, IFrontendObserver frontend, string id)
    {
        try
        {
            await frontend.CloseConnectionsAsync(id).WaitAsync(Patience, time);
        }
#pragma warning disable CA1031 // Whatever a frontend fails with, the others are told, and it is forgotten until it registers again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _frontends.Remove(frontendId);
            FrontendLost(frontendId, fault);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Frontend {FrontendId} did not close connections and is forgotten until it registers again")]
    private partial void FrontendLost(string frontendId, Exception fault);
}
