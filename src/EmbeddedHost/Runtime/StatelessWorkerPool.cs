namespace Orleans.Runtime;

/// <summary>The activations of one stateless worker: a call goes to an idle one, else to a new one up to the bound, else to the least busy.</summary>
internal sealed class StatelessWorkerPool(GrainId id, GrainClass grainClass, GrainCatalog catalog)
{
    private readonly Lock _lock = new();
    private readonly List<Activation> _workers = [];

    /// <summary>Hands the call to a worker.</summary>
    public void Dispatch(GrainRequest request)
    {
        while (!Choose(out var fresh).TryEnqueue(request, fresh))
        {
            // That worker has just ended; the next choice is another.
        }
    }

    /// <summary>A worker has ended.</summary>
    public void Remove(Activation worker)
    {
        lock (_lock)
            _workers.Remove(worker);
    }

    private Activation Choose(out bool fresh)
    {
        lock (_lock)
        {
            Activation? least = null;
            var load = int.MaxValue;
            foreach (var worker in _workers)
            {
                if (worker.Load is var its && its < load)
                    (least, load) = (worker, its);
            }

            fresh = least is null || (load > 0 && _workers.Count < grainClass.MaxWorkers);
            if (fresh)
                _workers.Add(least = new Activation(id, grainClass, catalog));
            return least!;
        }
    }
}

/// <summary>What the pool needs of an activation.</summary>
internal static class StatelessWorkerActivation
{
    /// <summary>Hands the call over, and begins the activation where it is new.</summary>
    public static bool TryEnqueue(this Activation worker, GrainRequest request, bool fresh)
    {
        var taken = worker.TryEnqueue(request);
        if (fresh)
            worker.Begin();
        return taken;
    }
}
