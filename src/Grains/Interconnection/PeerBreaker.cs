namespace CapifOrleans.Grains.Interconnection;

/// <summary>Leaves a peer alone for a while that failed several times in a row, so that nobody waits for one that is away.</summary>
internal sealed class PeerBreaker(InterconnectionOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset _closedUntil;

    /// <summary>Whether a request may go out now. After the break one may, and decides what becomes of the others.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_failures < options.BreakAfter)
                return true;
            var now = time.GetUtcNow();
            if (now < _closedUntil)
                return false;
            _closedUntil = now + options.BreakDuration;
            return true;
        }
    }

    /// <summary>A request was answered.</summary>
    public void Succeeded()
    {
        lock (_lock)
            _failures = 0;
    }

    /// <summary>A request was not answered, or with a fault of the peer's own.</summary>
    public void Failed()
    {
        lock (_lock)
        {
            if (++_failures >= options.BreakAfter)
                _closedUntil = time.GetUtcNow() + options.BreakDuration;
        }
    }
}
