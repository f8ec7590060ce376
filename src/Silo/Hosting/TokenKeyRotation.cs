using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Hosting;

/// <summary>Looks once an hour whether the keys that sign tokens are to be rotated.</summary>
internal sealed partial class TokenKeyRotation : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly ITokenSigningKeys _keys;
    private readonly ITokenKeyChanges _changes;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Looks now, and from now on.</summary>
    public TokenKeyRotation(ITokenSigningKeys keys, ITokenKeyChanges changes, TimeProvider time, ILogger<TokenKeyRotation> logger)
    {
        _keys = keys;
        _changes = changes;
        _logger = logger;
        _loop = RunAsync(time);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RotateIfDueAsync()
    {
        try
        {
            if (await _changes.ChangeAsync(_keys.RotateIfDue, _stop.Token))
                Rotated(_logger, _keys.List()[^1].KeyId, _keys.List()[^1].SignsFrom);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The key that signs goes on.
            NotRotated(_logger, fault);
        }
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
                await RotateIfDueAsync();
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "A new key for tokens was made: {KeyId} signs from {SignsFrom} on")]
    private static partial void Rotated(ILogger logger, string keyId, DateTimeOffset signsFrom);

    [LoggerMessage(2, LogLevel.Error, "No new key for tokens could be made; it will be tried again in an hour")]
    private static partial void NotRotated(ILogger logger, Exception fault);
}
