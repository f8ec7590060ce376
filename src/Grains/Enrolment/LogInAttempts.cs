namespace CapifOrleans.Grains.Enrolment;

/// <summary>
/// Counts an account's failed log-ins: after five in a row each further one locks the account for twice as long, up to a quarter of an hour.
/// An account that does not exist is counted the same way, so that nobody learns from a lock which names exist; therefore the count is not
/// stored, for the time that storing takes would tell them apart.
/// </summary>
internal sealed class LogInAttempts(TimeProvider time)
{
    /// <summary>Failures that cost nothing.</summary>
    public const int FreeFailures = 5;

    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private int _failures;
    private DateTimeOffset _lastFailure;
    private DateTimeOffset _lockedUntil;

    /// <summary>How long the account is still locked; null when it is not.</summary>
    public TimeSpan? LockedFor
    {
        get
        {
            var left = _lockedUntil - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>A wrong password.</summary>
    public void Failed()
    {
        var now = time.GetUtcNow();
        _failures = now - _lastFailure > Forgotten ? 1 : _failures + 1;
        _lastFailure = now;
        if (_failures < FreeFailures)
            return;
        var doublings = Math.Min(_failures - FreeFailures, 10);
        var wait = FirstLock * Math.Pow(2, doublings);
        _lockedUntil = now + (wait < LongestLock ? wait : LongestLock);
    }

    /// <summary>The right password.</summary>
    public void Succeeded() => _failures = 0;
}
