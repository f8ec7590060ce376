using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>All activations, and the way of a call to its own.</summary>
internal sealed partial class GrainCatalog : IDisposable
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, StatelessWorkerPool> _workers = new();
    private readonly GrainClasses _classes;
    private readonly ILogger<GrainCatalog> _logger;
    private readonly IdleCollector _collector;
    private readonly TimeoutWatch _timeouts;
    private readonly Counter<long> _calls;
    private readonly CancellationTokenSource _stopping = new();

    public GrainCatalog(
        GrainClasses classes, IGrainStorage storage, IServiceProvider services, TimeProvider time, EmbeddedGrainHostOptions options,
        ILogger<GrainCatalog> logger, IMeterFactory meters)
    {
        _classes = classes;
        _logger = logger;
        Storage = storage;
        Services = services;
        Time = time;
        References = new GrainReferences(this);
        _collector = new IdleCollector(this, options);
        _timeouts = new TimeoutWatch(time, options.ResponseTimeout);
        var meter = meters.Create("CapifOrleans.EmbeddedHost");
        _calls = meter.CreateCounter<long>("capif.grain.calls", "{call}", "Calls of grains");
        meter.CreateObservableGauge("capif.grain.activations", () => Count, "{activation}", "Live activations");
    }

    /// <summary>Where state is kept.</summary>
    public IGrainStorage Storage { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The host's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Makes references.</summary>
    public GrainReferences References { get; }

    /// <summary>Ends when the host stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>How many activations live.</summary>
    public int Count => _activations.Count;

    /// <summary>The live activations.</summary>
    public IEnumerable<Activation> Activations => _activations.Values;

    /// <summary>Sends a call on its way and starts the watch over it.</summary>
    public Task<TResult> CallAsync<TResult>(Type grainInterface, GrainId id, GrainRequest<TResult> request)
    {
        _calls.Add(1);
        if (_stopping.IsCancellationRequested && Activation.Current is null)
            return Task.FromException<TResult>(new OrleansException("The grain host is stopping."));
        Dispatch(id, _classes.Of(grainInterface), request);
        if (!request.IsAnswered)
            _timeouts.Watch(request);
        return request.Task;
    }

    /// <summary>Hands a call to the grain's activation; makes one where there is none.</summary>
    public void Dispatch(GrainId id, GrainClass grainClass, GrainRequest request)
    {
        if (grainClass.MaxWorkers > 0)
        {
            _workers.GetOrAdd(id, static (one, state) => new StatelessWorkerPool(one, state.Class, state.Catalog), (Class: grainClass, Catalog: this))
                .Dispatch(request);
            return;
        }

        while (true)
        {
            if (_activations.TryGetValue(id, out var activation))
            {
                if (activation.TryEnqueue(request))
                    return;
                continue;
            }

            var made = new Activation(id, grainClass, this);
            made.TryEnqueue(request);
            if (_activations.TryAdd(id, made))
            {
                _collector.Added(Count);
                made.Begin();
                return;
            }
        }
    }

    /// <summary>The identity of a grain of this interface and key.</summary>
    public GrainId IdOf(Type grainInterface, string key) => new(_classes.Of(grainInterface).Name, key);

    /// <summary>The class of that name.</summary>
    public GrainClass ClassOf(string name) => _classes.Named(name);

    /// <summary>Takes an activation out.</summary>
    public void Remove(Activation activation)
    {
        if (activation.Class.MaxWorkers > 0)
            _workers.GetValueOrDefault(activation.Id)?.Remove(activation);
        else
            _activations.TryRemove(KeyValuePair.Create(activation.Id, activation));
    }

    /// <summary>Begins to collect idle activations and to time calls out.</summary>
    public void Start()
    {
        _collector.Start();
        _timeouts.Start();
    }

    /// <summary>Refuses new calls from outside, lets what runs finish, ends every activation; gives up when cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _collector.Dispose();
        while (!_activations.IsEmpty)
        {
            foreach (var activation in _activations.Values)
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host is stopping."));
            if (cancellationToken.IsCancellationRequested)
                break;
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        _timeouts.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _collector.Dispose();
        _timeouts.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(1, LogLevel.Error, "{Grain} could not be activated")]
    public partial void ActivationFailed(GrainId grain, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "The end of an activation of {Grain} failed")]
    public partial void DeactivationFailed(GrainId grain, Exception fault);
}
