namespace Orleans.Runtime;

/// <summary>A timer whose callback runs as a call of its activation. The period counts from the end of a callback, so that none overlap.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _period;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, TimeProvider time)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static state => ((GrainTimer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _disposed.Cancel();
        _timer.Dispose();
        _activation.Remove(this);
    }

    private void Tick()
    {
        if (_disposed.IsCancellationRequested)
            return;
        var request = new GrainRequest<bool>((_, _) => CallAsync(), [])
        {
            Options = _options.Interleave ? CallOptions.AlwaysInterleave : CallOptions.None,
            KeepsAlive = _options.KeepAlive,
            Name = "timer",
        };
        // Where the activation is gone, so is its timer.
        _activation.TryEnqueue(request);
    }

    private async Task CallAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        try
        {
            await _callback(_disposed.Token);
        }
        finally
        {
            if (_period > TimeSpan.Zero && !_disposed.IsCancellationRequested)
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }
}
