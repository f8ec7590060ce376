namespace CapifOrleans.AccessControl;

/// <summary>
/// What one API invoker used of one service API. The rate is held exactly: the times of the invocations that were let through in the last
/// second are kept, and another is let through while they are fewer than the bound. No second, wherever it begins, holds more.
/// </summary>
internal sealed class InvocationUsage
{
    private readonly Queue<long> _lastSecond = new();
    private readonly Lock _lock = new();

    /// <summary>How many were let through in all.</summary>
    public long Total { get; private set; }

    /// <summary>Sets what was let through before.</summary>
    public void Restore(long total)
    {
        lock (_lock)
            Total = Math.Max(Total, total);
    }

    /// <summary>Takes one invocation, if both bounds allow it; the verdict, and how many ticks of the clock until one may pass.</summary>
    public (AccessControlVerdict Verdict, long Wait) TryTake(int? total, int? perSecond, long now, long frequency)
    {
        lock (_lock)
        {
            if (Total >= (total ?? long.MaxValue))
                return (AccessControlVerdict.TotalExceeded, 0);
            if (perSecond is { } bound)
            {
                while (_lastSecond.TryPeek(out var oldest) && now - oldest >= frequency)
                    _lastSecond.Dequeue();
                if (bound == 0)
                    return (AccessControlVerdict.RateExceeded, 0);
                if (_lastSecond.Count >= bound)
                    return (AccessControlVerdict.RateExceeded, _lastSecond.Peek() + frequency - now);
                _lastSecond.Enqueue(now);
            }

            Total++;
            return (AccessControlVerdict.Allowed, 0);
        }
    }
}
