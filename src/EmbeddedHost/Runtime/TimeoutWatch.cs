namespace Orleans.Runtime;

/// <summary>
/// Ends calls that take too long for their callers. All wait equally long, so those that wait stand in the order in which they are due, and
/// one timer looks at the first ones only. A call may so wait up to a tenth longer than it should.
/// </summary>
internal sealed class TimeoutWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _responseTimeout;
    private readonly long _ticks;
    // Several lists, so that threads seldom wait for each other.
    private readonly List[] _lists = [new(), new(), new(), new()];
    private ITimer? _timer;

    public TimeoutWatch(TimeProvider time, TimeSpan responseTimeout)
    {
        _time = time;
        _responseTimeout = responseTimeout;
        _ticks = (long)(responseTimeout.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Begins to look.</summary>
    public void Start() =>
        _timer = _time.CreateTimer(static watch => ((TimeoutWatch)watch!).Look(), this, _responseTimeout / 10, _responseTimeout / 10);

    /// <summary>Watches over a call.</summary>
    public void Watch(GrainRequest request)
    {
        var list = _lists[Environment.CurrentManagedThreadId % _lists.Length];
        var watched = new WatchedCall(request, list);
        lock (list.Lock)
        {
            watched.Deadline = _time.GetTimestamp() + _ticks;
            list.Add(watched);
            request.Watched = watched;
        }

        // It may have been answered before the watch began.
        if (request.IsAnswered)
            Forget(request);
    }

    /// <summary>The call is over.</summary>
    public static void Forget(GrainRequest request)
    {
        if (request.Watched is not { } watched)
            return;
        lock (watched.List.Lock)
            watched.List.Remove(watched);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var now = _time.GetTimestamp();
        foreach (var list in _lists)
        {
            while (TakeDue(list, now) is { } request)
            {
                request.Fail(new TimeoutException(
                    $"{request.Method.Name} did not answer within {_responseTimeout}. It may still be running, or wait for a call that waits for it."));
                request.Trace?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, nameof(TimeoutException)).Stop();
            }
        }
    }

    private static GrainRequest? TakeDue(List list, long now)
    {
        lock (list.Lock)
        {
            if (list.First is not { } first || first.Deadline > now)
                return null;
            list.Remove(first);
            return first.Request;
        }
    }

    /// <summary>Calls that wait, the first due first.</summary>
    internal sealed class List
    {
        private WatchedCall? _last;

        public Lock Lock { get; } = new();

        public WatchedCall? First { get; private set; }

        public void Add(WatchedCall call)
        {
            call.Before = _last;
            if (_last is null)
                First = call;
            else
                _last.After = call;
            _last = call;
            call.IsListed = true;
        }

        public void Remove(WatchedCall call)
        {
            if (!call.IsListed)
                return;
            call.IsListed = false;
            if (call.Before is null)
                First = call.After;
            else
                call.Before.After = call.After;
            if (call.After is null)
                _last = call.Before;
            else
                call.After.Before = call.Before;
            call.Before = call.After = null;
        }
    }
}

/// <summary>A call that is watched over, and its place among the others.</summary>
internal sealed class WatchedCall(GrainRequest request, TimeoutWatch.List list)
{
    public GrainRequest Request { get; } = request;

    public TimeoutWatch.List List { get; } = list;

    public long Deadline { get; set; }

    public bool IsListed { get; set; }

    public WatchedCall? Before { get; set; }

    public WatchedCall? After { get; set; }
}
