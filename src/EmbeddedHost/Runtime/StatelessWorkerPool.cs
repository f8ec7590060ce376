namespace Orleans.Runtime;

/// <summary>The activations of one stateless worker: a call goes to an idle one, else to a new one up to the bound, else to the least busy.</summary>
internal sealed class StatelessWorkerPool(string key, GrainClass grainClass, GrainCatalog catalog)
{
    private readonly Lock _lock = new();
    private Activation[] _workers = [];

    /// <summary>The live activations.</summary>
    public IEnumerable<Activation> Workers => Volatile.Read(ref _workers);

    /// <summary>Hands the call to a worker.</summary>
    public void Dispatch(GrainRequest request)
    {
        while (true)
        {
            var workers = Volatile.Read(ref _workers);
            var (least, load) = LeastBusy(workers);
            if (least is not null && (load == 0 || workers.Length >= grainClass.MaxWorkers))
            {
                if (least.TryEnqueue(request))
                    return;
            }
            else if (TryAdd(workers, out var made))
            {
                made.TryEnqueue(request);
                made.Begin();
                return;
            }
        }
    }

    /// <summary>A worker has ended.</summary>
    public void Remove(Activation worker)
    {
        lock (_lock)
            _workers = [.. _workers.Where(one => one != worker)];
    }

    private static (Activation? Worker, int Load) LeastBusy(Activation[] workers)
    {
        Activation? least = null;
        var load = int.MaxValue;
        foreach (var worker in workers)
        {
            if (worker.Load is var its && its < load)
                (least, load) = (worker, its);
        }

        return (least, load);
    }

    private bool TryAdd(Activation[] seen, out Activation made)
    {
        made = null!;
        lock (_lock)
        {
            if (_workers != seen)
                return false;
            made = new Activation(grainClass, key, catalog);
            _workers = [.. seen, made];
        }

        catalog.Added();
        return true;
    }
}
