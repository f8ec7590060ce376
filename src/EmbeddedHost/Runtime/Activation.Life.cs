using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How the grain's object comes and goes.</summary>
internal sealed partial class Activation
{
    private DeactivationReason _reason;
    private List<GrainTimer>? _timers;
    private long _keepUntil;
    private bool _isEndWanted;
    private bool _isEnding;

    /// <summary>Begins the activation; calls wait until it is done.</summary>
    public void Begin()
    {
        bool now;
        lock (_lock)
            now = TryTakeTurns();
        var turn = new Task(static activation => _ = ((Activation)activation!).ActivateAsync(), this);
        if (now)
            RunNow(turn, andNext: true);
        else
            turn.Start(this);
    }

    /// <inheritdoc/>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            BeginDeactivation(deactivationReason);
            EndIfIdle();
        }
    }

    /// <summary>Ends it if it is idle and was not used since; false otherwise.</summary>
    public bool DeactivateIfUnusedSince(long time, DeactivationReason reason)
    {
        lock (_lock)
        {
            if (_stage != Stage.Active || IsRunning || LastUsed > time)
                return false;
            if (_keepUntil != 0 && _keepUntil > Catalog.Time.GetTimestamp())
                return false;
            BeginDeactivation(reason);
            EndIfIdle();
            return true;
        }
    }

    /// <summary>Keeps it from being idle for that long.</summary>
    public void DelayDeactivation(TimeSpan time)
    {
        lock (_lock)
        {
            var most = TimeSpan.FromDays(3650);
            _keepUntil = time <= TimeSpan.Zero
                ? 0
                : Catalog.Time.GetTimestamp() + (long)((time < most ? time : most).TotalSeconds * Catalog.Time.TimestampFrequency);
        }
    }

    /// <summary>Makes a timer that calls back in turns of this activation.</summary>
    public GrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        lock (_lock)
            (_timers ??= []).Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    /// <summary>Forgets a timer.</summary>
    public void Remove(GrainTimer timer)
    {
        lock (_lock)
            _timers?.Remove(timer);
    }

    // Under the lock.
    private void BeginDeactivation(DeactivationReason reason)
    {
        if (_stage is Stage.Deactivating or Stage.Dead)
            return;
        _reason = reason;
        // One that is only just beginning ends when it has served what it was made for.
        if (_stage == Stage.Activating)
            _isEndWanted = true;
        else
            _stage = Stage.Deactivating;
    }

    // Under the lock.
    private void EndIfIdle()
    {
        if (IsRunning || _isEnding || _stage is Stage.Activating or Stage.Dead)
            return;
        if (_stage == Stage.Active)
        {
            if (!Catalog.IsStopping)
                return;
            BeginDeactivation(GrainCatalog.StopReason);
        }

        _isEnding = true;
        using (UnlessSuppressed())
            new Task(static activation => _ = ((Activation)activation!).DeactivateAsync(), this).Start(this);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever an activation throws belongs to the callers.")]
    private async Task ActivateAsync()
    {
        try
        {
            Instance = await Class.CreateAsync(this, Catalog);
            await ((IGrainBase)Instance).OnActivateAsync(Catalog.Ending);
        }
        catch (Exception fault)
        {
            Catalog.ActivationFailed(Id, fault);
            await DisposeInstanceAsync();
            foreach (var request in Die())
                request.Fail(fault);
            return;
        }

        List<GrainRequest>? more = null;
        GrainRequest? next;
        lock (_lock)
        {
            _stage = Stage.Active;
            next = TakeRunnable(ref more);
            if (_isEndWanted)
            {
                _isEndWanted = false;
                BeginDeactivation(_reason);
            }

            EndIfIdle();
        }

        next?.Turn!.Start(this);
        more?.ForEach(one => one.Turn!.Start(this));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end of an activation is nobody's call.")]
    private async Task DeactivateAsync()
    {
        DisposeTimers();
        try
        {
            await ((IGrainBase)Instance!).OnDeactivateAsync(_reason, Catalog.Ending);
        }
        catch (Exception fault)
        {
            Catalog.DeactivationFailed(Id, fault);
        }

        await DisposeInstanceAsync();
        lock (_lock)
        {
            DropRequestsOfInstance();
            if (_firstWaiting is not null)
            {
                // Somebody called meanwhile: begin anew, in the same place.
                _stage = Stage.Activating;
                _isEnding = false;
            }
            else
            {
                Die();
                return;
            }
        }

        await ActivateAsync();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end of an activation is nobody's call.")]
    private async Task DisposeInstanceAsync()
    {
        DisposeTimers();
        var instance = Instance;
        Instance = null;
        try
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
        catch (Exception fault)
        {
            Catalog.DeactivationFailed(Id, fault);
        }
    }

    private void DisposeTimers()
    {
        List<GrainTimer>? timers;
        lock (_lock)
        {
            timers = _timers;
            _timers = null;
        }

        timers?.ForEach(static one => one.Dispose());
    }

    // Under the lock.
    private void DropRequestsOfInstance()
    {
        GrainRequest? before = null;
        for (var one = _firstWaiting; one is not null;)
        {
            var following = one.Next;
            if (one.IsOfInstance || one.IsAnswered)
            {
                Unlink(before, one);
                _load--;
            }
            else
            {
                before = one;
            }

            one = following;
        }
    }

    /// <summary>Takes it out of the catalog, and gives up what still waits. A call that comes later finds it dead, and makes another.</summary>
    private List<GrainRequest> Die()
    {
        lock (_lock)
        {
            var waiting = new List<GrainRequest>();
            for (var one = _firstWaiting; one is not null; one = one.Next)
                waiting.Add(one);
            _firstWaiting = _lastWaiting = null;
            _stage = Stage.Dead;
            Catalog.Remove(this);
            return waiting;
        }
    }

    private static AsyncFlowControl? UnlessSuppressed() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
}
