using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// One activation of a grain: its object, the calls that wait, and the rule which of them may run. A call that may not run waits in order;
/// what still waits when the grain's object ends is served by the next one, here in the same place: so no call is lost or overtaken, and
/// there are never two objects of one grain.
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    private static readonly Action<object?> BeginRequest = static request => ((GrainRequest)request!).Begin();

    private readonly Lock _lock = new();
    private GrainRequest? _running;
    private List<GrainRequest>? _interleaved;
    private GrainRequest? _firstWaiting;
    private GrainRequest? _lastWaiting;
    private Dictionary<Guid, int>? _allowedChains;
    private int _load;
    private Stage _stage = Stage.Activating;

    private enum Stage : byte
    {
        Activating,
        Active,
        Deactivating,
        Dead,
    }

    public Activation(GrainClass grainClass, string key, GrainCatalog catalog)
    {
        Class = grainClass;
        Key = key;
        Catalog = catalog;
        LastUsed = catalog.Collector.Now;
    }

    /// <summary>The host.</summary>
    public GrainCatalog Catalog { get; }

    /// <summary>The grain's class.</summary>
    public GrainClass Class { get; }

    /// <summary>The grain's key.</summary>
    public string Key { get; }

    /// <summary>The grain.</summary>
    public new GrainId Id => new(Class.Name, Key);

    /// <summary>The grain's object, once it is made.</summary>
    public object? Instance { get; private set; }

    /// <summary>When it was last used, on the collector's clock.</summary>
    public long LastUsed { get; private set; }

    /// <summary>How many calls it has, running and waiting.</summary>
    public int Load => Volatile.Read(ref _load);

    IServiceProvider IGrainContext.ActivationServices => Catalog.Services;

    GrainId IGrainContext.GrainId => Id;

    object? IGrainContext.GrainInstance => Instance;

    private bool IsRunning => _running is not null || _interleaved is { Count: > 0 };

    /// <summary>Takes a call; false when this activation is over and the call needs another, or none.</summary>
    public bool TryEnqueue(GrainRequest request)
    {
        request.Turn ??= new Task(BeginRequest, request);
        bool now;
        lock (_lock)
        {
            if (_stage == Stage.Dead || (_stage == Stage.Deactivating && request.IsOfInstance))
                return false;
            request.Activation = this;
            _load++;
            if (request.KeepsAlive)
                LastUsed = Catalog.Collector.Now;
            if (!MayRun(request))
            {
                Wait(request);
                return true;
            }

            AddRunning(request);
            now = TryTakeTurns();
        }

        if (now)
            RunNow(request.Turn);
        else
            request.Turn.Start(this);
        return true;
    }

    /// <summary>A call is over: the next ones may run.</summary>
    public void Finished(GrainRequest request, Exception? fault)
    {
        List<GrainRequest>? more = null;
        GrainRequest? next;
        lock (_lock)
        {
            _load--;
            if (_running == request)
                _running = null;
            else
                _interleaved?.Remove(request);
            if (request.KeepsAlive)
                LastUsed = Catalog.Collector.Now;
            if (fault is InconsistentStateException { IsSourceActivation: true } stale)
            {
                // Memory and storage differ now: the next call must read anew. The caller's own state is not concerned.
                stale.IsSourceActivation = false;
                BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ApplicationError, stale, stale.Message));
            }

            next = TakeRunnable(ref more);
            if (next is null)
                EndIfIdle();
        }

        next?.Turn!.Start(this);
        for (var index = 0; index < (more?.Count ?? 0); index++)
            more![index].Turn!.Start(this);
    }

    /// <summary>Lets calls of this chain run although another is running.</summary>
    public void AllowChain(Guid chain)
    {
        lock (_lock)
        {
            _allowedChains ??= [];
            _allowedChains[chain] = _allowedChains.GetValueOrDefault(chain) + 1;
            // One of them may already wait.
            List<GrainRequest>? more = null;
            var next = TakeRunnable(ref more);
            next?.Turn!.Start(this);
            more?.ForEach(one => one.Turn!.Start(this));
        }
    }

    /// <summary>Ends <see cref="AllowChain"/>.</summary>
    public void DisallowChain(Guid chain)
    {
        lock (_lock)
        {
            if (_allowedChains is not null && --_allowedChains[chain] == 0)
                _allowedChains.Remove(chain);
        }
    }

    private bool MayRun(GrainRequest request)
    {
        // What is running may wait for a call of its own chain, even if the activation is to end after it.
        if (_stage != Stage.Active && (_stage != Stage.Deactivating || !IsRunning || !IsOfAllowedChain(request)))
            return false;
        if (!IsRunning || Class.IsReentrant || (request.Method.Options & CallOptions.AlwaysInterleave) != 0)
            return true;
        if (IsOfAllowedChain(request))
            return true;
        if (_running is not null && !MayRunBeside(request, _running))
            return false;
        foreach (var running in _interleaved ?? [])
        {
            if (!MayRunBeside(request, running))
                return false;
        }

        return true;
    }

    private bool IsOfAllowedChain(GrainRequest request) =>
        _allowedChains is not null && request.ChainId != Guid.Empty && _allowedChains.ContainsKey(request.ChainId);

    private static bool MayRunBeside(GrainRequest request, GrainRequest running) =>
        (running.Method.Options & CallOptions.AlwaysInterleave) != 0
        || (running.Method.Options & request.Method.Options & CallOptions.ReadOnly) != 0;

    private void AddRunning(GrainRequest request)
    {
        if (_running is null)
            _running = request;
        else
            (_interleaved ??= []).Add(request);
    }

    private void Wait(GrainRequest request)
    {
        request.Next = null;
        if (_lastWaiting is null)
            _firstWaiting = request;
        else
            _lastWaiting.Next = request;
        _lastWaiting = request;
    }

    /// <summary>Takes from those that wait what may run: the first of them, and in <paramref name="more"/> the rest. Under the lock.</summary>
    private GrainRequest? TakeRunnable(ref List<GrainRequest>? more)
    {
        if (_firstWaiting is null || _stage is Stage.Activating or Stage.Dead)
            return null;
        GrainRequest? taken = null;
        GrainRequest? before = null;
        for (var one = _firstWaiting; one is not null;)
        {
            var following = one.Next;
            // One whose caller gave up is dropped: running it now would surprise everybody.
            if (one.IsAnswered || MayRun(one))
            {
                Unlink(before, one);
                if (one.IsAnswered)
                {
                    _load--;
                }
                else
                {
                    AddRunning(one);
                    if (taken is null)
                        taken = one;
                    else
                        (more ??= []).Add(one);
                }
            }
            else
            {
                before = one;
            }

            one = following;
        }

        return taken;
    }

    private void Unlink(GrainRequest? before, GrainRequest request)
    {
        if (before is null)
            _firstWaiting = request.Next;
        else
            before.Next = request.Next;
        if (_lastWaiting == request)
            _lastWaiting = before;
        request.Next = null;
    }
}
