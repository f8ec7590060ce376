using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>
/// Ends calls that take too long for their callers. One timer looks at all waiting calls, since a timer for each would cost more than
/// most calls do; a call may so wait up to a tenth longer than it should.
/// </summary>
internal sealed class TimeoutWatch(TimeProvider time, TimeSpan responseTimeout) : IDisposable
{
    private readonly ConcurrentDictionary<GrainRequest, byte> _waiting = new();
    private ITimer? _timer;

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        var period = responseTimeout / 10;
        _timer = time.CreateTimer(_ => Look(), null, period, period);
    }

    /// <summary>Watches over a call.</summary>
    public void Watch(GrainRequest request)
    {
        request.Deadline = time.GetTimestamp() + (long)(responseTimeout.TotalSeconds * time.TimestampFrequency);
        _waiting[request] = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var now = time.GetTimestamp();
        foreach (var (request, _) in _waiting)
        {
            if (request.IsAnswered)
            {
                _waiting.TryRemove(request, out _);
            }
            else if (request.Deadline <= now)
            {
                _waiting.TryRemove(request, out _);
                request.Fail(new TimeoutException(
                    $"{request.Name} did not answer within {responseTimeout}. It may still be running, or wait for a call that waits for it."));
            }
        }
    }
}
