using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>References by which grains call objects outside. The application must keep such an object alive: the reference does not.</summary>
internal sealed class ObserverReferences
{
    private readonly ConditionalWeakTable<IGrainObserver, Dictionary<Type, ObserverReference>> _references = [];

    /// <summary>The reference of that interface to that object; the same one each time.</summary>
    public TObserver Make<TObserver>(IGrainObserver observer)
        where TObserver : IGrainObserver
    {
        var ofObserver = _references.GetValue(observer, static _ => []);
        lock (ofObserver)
        {
            if (!ofObserver.TryGetValue(typeof(TObserver), out var reference))
            {
                reference = (ObserverReference)(object)DispatchProxy.Create<TObserver, ObserverReference>();
                reference.Bind(observer);
                ofObserver.Add(typeof(TObserver), reference);
            }

            return (TObserver)(object)reference;
        }
    }

    /// <summary>Ends the reference.</summary>
    public void Delete<TObserver>(IGrainObserver observer)
    {
        if (!_references.TryGetValue(observer, out var ofObserver))
            return;
        lock (ofObserver)
        {
            if (ofObserver.Remove(typeof(TObserver), out var reference))
                reference.End();
        }
    }
}

/// <summary>A reference to an observer: its methods run on the thread pool, not in the calling grain's turn.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
internal class ObserverReference : DispatchProxy
{
    private WeakReference<IGrainObserver>? _observer;

    /// <summary>Makes the proxy a reference.</summary>
    public void Bind(IGrainObserver observer) => _observer = new WeakReference<IGrainObserver>(observer);

    /// <summary>Calls fail from now on.</summary>
    public void End() => _observer = null;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_observer is null || !_observer.TryGetTarget(out var observer))
            return Task.FromException(new OrleansException("The observer is gone."));
        return Task.Run(() => (Task)targetMethod!.Invoke(observer, BindingFlags.DoNotWrapExceptions, null, args, null)!);
    }
}
