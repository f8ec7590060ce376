using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>All activations, and the way of a call to its own.</summary>
internal sealed partial class GrainCatalog : IDisposable
{
    /// <summary>Why activations end when the host does.</summary>
    public static readonly DeactivationReason StopReason = new(DeactivationReasonCode.ShuttingDown, "The host is stopping.");

    private readonly ILogger<GrainCatalog> _logger;
    private readonly TimeoutWatch _timeouts;
    private readonly HostMeter _meter;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _isStopping;
    private volatile bool _isStopped;

    public GrainCatalog(
        GrainClasses classes, IGrainStorage storage, IServiceProvider services, TimeProvider time, EmbeddedGrainHostOptions options,
        ILogger<GrainCatalog> logger, HostMeter meter)
    {
        _logger = logger;
        Classes = classes;
        Storage = storage;
        Services = services;
        Time = time;
        Collector = new IdleCollector(this, options);
        _timeouts = new TimeoutWatch(time, options.ResponseTimeout);
        Factory = new LocalGrainFactory(this, new ObserverReferences(this), services);
        _meter = meter;
        _meter.Activations = () => Count;
    }

    /// <summary>The grain classes.</summary>
    public GrainClasses Classes { get; }

    /// <summary>Where state is kept.</summary>
    public IGrainStorage Storage { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The host's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Ends idle activations.</summary>
    public IdleCollector Collector { get; }

    /// <summary>Makes references.</summary>
    public LocalGrainFactory Factory { get; }

    /// <summary>Cancelled when the host waits no longer for what activations do at their end.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Whether the host is stopping: an activation then ends as soon as it is idle.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>How many activations live.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The live activations.</summary>
    public IEnumerable<Activation> Activations => Classes.All.SelectMany(one => one.Activations);

    /// <summary>Sends a call on its way. Where the reference knows the grain's last activation, that is tried first.</summary>
    public void Call(GrainClass grainClass, string key, GrainRequest request, ref Activation? last)
    {
        if (_isStopping && (_isStopped || Activation.OfThisThread is null))
        {
            request.Fail(new OrleansException("The grain host is stopping."));
            return;
        }

        request.ChainId = RequestContext.ReentrancyId;
        var outer = HostMeter.Traces.HasListeners() ? HostMeter.BeginTrace(request) : null;
        _meter.Sent(request);
        if (last is null || !last.TryEnqueue(request))
            last = Dispatch(grainClass, key, request);
        if ((request.Method.Options & CallOptions.OneWay) == 0)
            Watch(request);
        if (request.Trace is not null)
            Activity.Current = outer;
    }

    /// <summary>Times the call out, unless it is already over.</summary>
    public void Watch(GrainRequest request)
    {
        if (!request.IsAnswered)
            _timeouts.Watch(request);
    }

    /// <summary>A call is over.</summary>
    public void Completed(GrainRequest request, Exception? fault)
    {
        if (request.Watched is not null)
            TimeoutWatch.Forget(request);
        if (request.SentAt != 0 || request.Trace is not null)
            _meter.Completed(request, fault);
        if (fault is not null && (request.Method.Options & CallOptions.OneWay) != 0)
            OneWayFailed(request.Method.Name, fault);
    }

    /// <summary>Hands a call to the grain's activation; makes one where there is none. The result is null for a stateless worker.</summary>
    public Activation? Dispatch(GrainClass grainClass, string key, GrainRequest request)
    {
        if (grainClass.MaxWorkers > 0)
        {
            grainClass.Workers.GetOrAdd(key, static (one, state) => new StatelessWorkerPool(one, state.grainClass, state.Item2), (grainClass, this))
                .Dispatch(request);
            return null;
        }

        while (true)
        {
            if (grainClass.Singles.TryGetValue(key, out var activation))
            {
                if (activation.TryEnqueue(request))
                    return activation;
                continue;
            }

            var made = new Activation(grainClass, key, this);
            made.TryEnqueue(request);
            if (grainClass.Singles.TryAdd(key, made))
            {
                Added();
                made.Begin();
                return made;
            }
        }
    }

    /// <summary>Counts an activation.</summary>
    public void Added() => Collector.Added(Interlocked.Increment(ref _count));

    /// <summary>Takes an activation out.</summary>
    public void Remove(Activation activation)
    {
        if (activation.Class.MaxWorkers > 0)
            activation.Class.Workers.GetValueOrDefault(activation.Key)?.Remove(activation);
        else
            activation.Class.Singles.TryRemove(KeyValuePair.Create(activation.Key, activation));
        if (Interlocked.Decrement(ref _count) == 0 && _isStopping)
            _empty.TrySetResult();
    }

    /// <summary>Begins to collect idle activations and to time calls out.</summary>
    public void Start()
    {
        Collector.Start();
        _timeouts.Start();
    }

    /// <summary>Refuses new calls from outside, lets what runs finish, ends every activation; gives up when cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        Collector.Dispose();
        foreach (var activation in Activations)
            activation.Deactivate(StopReason);
        using (cancellationToken.UnsafeRegister(static catalog => ((GrainCatalog)catalog!)._ending.Cancel(), this))
        {
            if (Count > 0)
                await Task.WhenAny(_empty.Task, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        _isStopped = true;
        if (Count > 0)
            GaveUp(Count);
        _timeouts.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopping = _isStopped = true;
        Collector.Dispose();
        _timeouts.Dispose();
    }

    [LoggerMessage(1, LogLevel.Error, "{Grain} could not be activated")]
    public partial void ActivationFailed(GrainId grain, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "The end of an activation of {Grain} failed")]
    public partial void DeactivationFailed(GrainId grain, Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "A timer of {Grain} failed; it goes on")]
    public partial void TimerFailed(GrainId grain, Exception fault);

    [LoggerMessage(4, LogLevel.Warning, "{Method} failed, and no caller waits for it")]
    private partial void OneWayFailed(string method, Exception fault);

    [LoggerMessage(5, LogLevel.Warning, "{Count} activations did not end in time")]
    private partial void GaveUp(int count);
}
