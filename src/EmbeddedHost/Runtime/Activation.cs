using System.Diagnostics.CodeAnalysis;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// One activation of a grain: its object, the calls that wait, and the rule which of them may run. A call that may not run waits in order;
/// calls that come while the activation ends go to the next one.
/// </summary>
internal sealed class Activation : IGrainContext
{
    private readonly Lock _lock = new();
    private readonly LinkedList<GrainRequest> _waiting = new();
    private readonly List<GrainRequest> _running = new(1);
    private readonly HashSet<Guid> _allowedChains = [];
    private readonly List<GrainTimer> _timers = [];
    private readonly ActivationScheduler _scheduler;
    private readonly GrainCatalog _catalog;
    private Stage _stage = Stage.Activating;
    private DeactivationReason _reason;
    private bool _ending;

    private enum Stage
    {
        Activating,
        Active,
        Deactivating,
        Dead,
    }

    public Activation(GrainId id, GrainClass grainClass, GrainCatalog catalog)
    {
        Id = id;
        Class = grainClass;
        _catalog = catalog;
        _scheduler = new ActivationScheduler(this);
        LastUsed = catalog.Time.GetTimestamp();
    }

    /// <summary>The activation whose turn runs on this thread.</summary>
    public static Activation? Current => (TaskScheduler.Current as ActivationScheduler)?.Activation;

    /// <summary>The grain.</summary>
    public GrainId Id { get; }

    /// <summary>Its class.</summary>
    public GrainClass Class { get; }

    /// <summary>The grain's object, once it is made.</summary>
    public object? Instance { get; private set; }

    /// <summary>When it was last called; timestamp of the host's clock.</summary>
    public long LastUsed { get; private set; }

    /// <summary>How many calls it has, running and waiting.</summary>
    public int Load
    {
        get
        {
            lock (_lock)
                return _running.Count + _waiting.Count;
        }
    }

    /// <inheritdoc/>
    public IServiceProvider ActivationServices => _catalog.Services;

    /// <inheritdoc/>
    public GrainId GrainId => Id;

    /// <inheritdoc cref="GrainExtensions.AsReference{T}"/>
    public TGrainInterface AsReference<TGrainInterface>()
        where TGrainInterface : IAddressable => (TGrainInterface)_catalog.References.Make(typeof(TGrainInterface), Id);

    /// <summary>Begins the activation; calls wait until it is done.</summary>
    public void Begin() => _scheduler.RunOrQueue(new Task(() => _ = ActivateAsync()));

    /// <summary>Takes a call; false when this activation takes no more.</summary>
    public bool TryEnqueue(GrainRequest request)
    {
        lock (_lock)
        {
            if (_stage == Stage.Dead)
                return false;
            request.Activation = this;
            if (request.KeepsAlive)
                LastUsed = _catalog.Time.GetTimestamp();
            if (_stage != Stage.Active || !MayRun(request))
            {
                _waiting.AddLast(request);
                return true;
            }

            _running.Add(request);
        }

        Run(request);
        return true;
    }

    /// <summary>A call is over: the next ones may run.</summary>
    public void Finished(GrainRequest request, Exception? fault)
    {
        List<GrainRequest>? next;
        lock (_lock)
        {
            _running.Remove(request);
            // Memory and storage may differ now: the next call must read anew (Orleans does the same).
            if (fault is InconsistentStateException && _stage == Stage.Active)
                BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ApplicationError, fault.Message));
            next = TakeRunnable();
            if (next is null)
                StartDeactivationIfIdle();
        }

        if (next is null)
            return;
        foreach (var one in next)
            Run(one);
    }

    /// <inheritdoc/>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken? cancellationToken = null)
    {
        lock (_lock)
        {
            if (_stage is not Stage.Active)
                return;
            BeginDeactivation(deactivationReason);
            StartDeactivationIfIdle();
        }
    }

    /// <summary>Ends it if nobody used it since; false when it is busy.</summary>
    public bool DeactivateIfIdleSince(long timestamp)
    {
        lock (_lock)
        {
            if (_stage != Stage.Active || _running.Count > 0 || _waiting.Count > 0 || LastUsed > timestamp)
                return false;
            BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called it for a while."));
            StartDeactivationIfIdle();
            return true;
        }
    }

    /// <summary>Lets calls of this chain run although another is running.</summary>
    public void AllowChain(Guid chain)
    {
        lock (_lock)
            _allowedChains.Add(chain);
    }

    /// <summary>Ends <see cref="AllowChain"/>.</summary>
    public void DisallowChain(Guid chain)
    {
        lock (_lock)
            _allowedChains.Remove(chain);
    }

    /// <summary>Makes a timer that calls back in turns of this activation.</summary>
    public GrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options, _catalog.Time);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    /// <summary>Forgets a timer.</summary>
    public void Remove(GrainTimer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    private bool MayRun(GrainRequest request)
    {
        if (_running.Count == 0 || Class.IsReentrant || (request.Options & CallOptions.AlwaysInterleave) != 0)
            return true;
        if (request.ChainId != Guid.Empty && _allowedChains.Contains(request.ChainId))
            return true;
        foreach (var running in _running)
        {
            var together = running.Options & request.Options & CallOptions.ReadOnly;
            if (together == 0 && (running.Options & CallOptions.AlwaysInterleave) == 0)
                return false;
        }

        return true;
    }

    private void Run(GrainRequest request)
    {
        var turn = new Task(static state => ((GrainRequest)state!).Begin(), request);
        if (CallDepth.TryEnter())
        {
            _scheduler.RunOrQueue(turn);
            CallDepth.Leave();
        }
        else
        {
            turn.Start(_scheduler);
        }
    }

    // Called under the lock.
    private List<GrainRequest>? TakeRunnable()
    {
        List<GrainRequest>? taken = null;
        if (_stage != Stage.Active)
            return null;
        for (var node = _waiting.First; node is not null;)
        {
            var following = node.Next;
            if (node.Value.IsAnswered)
            {
                // Its caller gave up; running it now would surprise everybody.
                _waiting.Remove(node);
            }
            else if (MayRun(node.Value))
            {
                _waiting.Remove(node);
                _running.Add(node.Value);
                (taken ??= []).Add(node.Value);
            }

            node = following;
        }

        return taken;
    }

    // Called under the lock.
    private void BeginDeactivation(DeactivationReason reason)
    {
        _stage = Stage.Deactivating;
        _reason = reason;
    }

    // Called under the lock.
    private void StartDeactivationIfIdle()
    {
        if (_stage == Stage.Deactivating && !_ending && _running.Count == 0)
        {
            _ending = true;
            new Task(() => _ = DeactivateAsync()).Start(_scheduler);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever an activation throws belongs to the callers.")]
    private async Task ActivateAsync()
    {
        try
        {
            Instance = await Class.CreateAsync(this, _catalog);
            await ((IGrainBase)Instance).OnActivateAsync(_catalog.Stopping);
        }
        catch (Exception fault)
        {
            Fail(fault);
            return;
        }

        List<GrainRequest>? next;
        lock (_lock)
        {
            _stage = Stage.Active;
            next = TakeRunnable();
        }

        foreach (var one in next ?? [])
            Run(one);
    }

    private void Fail(Exception fault)
    {
        _catalog.ActivationFailed(Id, fault);
        foreach (var request in End())
            request.Fail(fault);
    }

    /// <summary>
    /// Takes the activation out of the catalog, and then what still waits out of the activation: in this order no call is lost, and no two
    /// activations of a grain run at once.
    /// </summary>
    private List<GrainRequest> End()
    {
        _catalog.Remove(this);
        lock (_lock)
        {
            _stage = Stage.Dead;
            List<GrainRequest> waiting = [.. _waiting];
            _waiting.Clear();
            return waiting;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end of an activation is nobody's call.")]
    private async Task DeactivateAsync()
    {
        List<GrainTimer> timers;
        lock (_lock)
        {
            timers = [.. _timers];
            _timers.Clear();
        }

        foreach (var timer in timers)
            timer.Dispose();
        try
        {
            await ((IGrainBase)Instance!).OnDeactivateAsync(_reason, CancellationToken.None);
            (Instance as IDisposable)?.Dispose();
        }
        catch (Exception fault)
        {
            _catalog.DeactivationFailed(Id, fault);
        }

        foreach (var request in End())
            _catalog.Dispatch(Id, Class, request);
    }
}
