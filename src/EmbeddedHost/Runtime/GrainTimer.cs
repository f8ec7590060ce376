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
    private bool _isChanged;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        var flows = !ExecutionContext.IsFlowSuppressed();
        if (flows)
            ExecutionContext.SuppressFlow();
        _timer = activation.Catalog.Time.CreateTimer(
            static timer => ((GrainTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (flows)
            ExecutionContext.RestoreFlow();
    }

    /// <inheritdoc/>
    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _isChanged = true;
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
        var request = new HostRequest(_ => CallAsync(), ofInstance: true, keepsAlive: _options.KeepAlive)
        {
            Method = _options.Interleave ? GrainMethod.InterleavingTimer : GrainMethod.Timer,
        };
        // Where the activation is gone, so is its timer.
        _activation.TryEnqueue(request);
    }

    private async Task CallAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _isChanged = false;
        try
        {
            await _callback(_disposed.Token);
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            // It was told to stop, and did.
        }
        catch (Exception fault)
        {
            _activation.Catalog.TimerFailed(_activation.Id, fault);
            throw;
        }
        finally
        {
            if (!_isChanged && _period > TimeSpan.Zero && !_disposed.IsCancellationRequested)
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }
}
