using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>References by which grains call objects outside. The application must keep such an object alive: the reference does not.</summary>
internal sealed class ObserverReferences(GrainCatalog catalog)
{
    private readonly ConditionalWeakTable<IGrainObserver, Dictionary<Type, ObserverReference>> _references = [];

    /// <summary>The reference of that interface to that object; the same one each time.</summary>
    public TObserver Make<TObserver>(IGrainObserver observer)
        where TObserver : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(observer);
        var ofObserver = _references.GetValue(observer, static _ => []);
        lock (ofObserver)
        {
            if (!ofObserver.TryGetValue(typeof(TObserver), out var reference))
            {
                var its = ReferenceInterface.Of(typeof(TObserver));
                reference = ((ObserverReference)its.Make()).Bind(catalog, its, observer);
                ofObserver.Add(typeof(TObserver), reference);
            }

            return (TObserver)(object)reference;
        }
    }

    /// <summary>Ends the reference.</summary>
    /// <exception cref="ArgumentException">It is an object, not the reference to one.</exception>
    public void Delete<TObserver>(IGrainObserver reference)
    {
        if (reference is not ObserverReference its)
            throw new ArgumentException("Argument reference is not a grain reference.", nameof(reference));
        if (its.Observer is { } observer && _references.TryGetValue(observer, out var ofObserver))
        {
            lock (ofObserver)
                ofObserver.Remove(typeof(TObserver));
        }

        its.End();
    }
}

/// <summary>A reference to an observer. Its methods run on the thread pool, one call at a time, in the order in which they came.</summary>
internal abstract class ObserverReference : CallReference
{
    private readonly Lock _lock = new();
    private readonly Queue<(GrainRequest Request, ExecutionContext? Context)> _waiting = new();
    private GrainCatalog _catalog = null!;
    private WeakReference<IGrainObserver>? _observer;
    private bool _isRunning;

    /// <summary>Makes it refer to an object.</summary>
    public ObserverReference Bind(GrainCatalog catalog, ReferenceInterface its, IGrainObserver observer)
    {
        _catalog = catalog;
        Interface = its;
        _observer = new WeakReference<IGrainObserver>(observer);
        return this;
    }

    /// <summary>The object; null where it is gone, or the reference was ended.</summary>
    public IGrainObserver? Observer => _observer is { } observer && observer.TryGetTarget(out var target) ? target : null;

    /// <summary>Calls fail from now on.</summary>
    public void End() => _observer = null;

    /// <inheritdoc/>
    protected sealed override void Send(GrainRequest request)
    {
        lock (_lock)
        {
            _waiting.Enqueue((request, ExecutionContext.Capture()));
            _catalog.Watch(request);
            if (_isRunning)
                return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static reference => _ = reference.RunAsync(), this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            (GrainRequest Request, ExecutionContext? Context) next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isRunning = false;
                    return;
                }
            }

            var finished = Begin(next.Request, next.Context);
            await finished.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            next.Request.Complete(finished);
            _catalog.Completed(next.Request, finished.Exception?.InnerException);
        }
    }

    private Task Begin(GrainRequest request, ExecutionContext? context)
    {
        if (_observer is null || !_observer.TryGetTarget(out var observer))
            return Task.FromException(new OrleansException("The observer is gone."));
        if (context is null)
            return request.Start(observer);
        var running = Task.CompletedTask;
        ExecutionContext.Run(context, _ => running = request.Start(observer), null);
        return running;
    }
}
