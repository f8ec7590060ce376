using Orleans.Hosting;

namespace Orleans.Runtime;

/// <summary>Ends idle activations: those nobody called for a while, and, where there are too many, the longest idle ones.</summary>
internal sealed class IdleCollector(GrainCatalog catalog, EmbeddedGrainHostOptions options) : IDisposable
{
    private ITimer? _timer;
    private int _collecting;

    /// <summary>Begins to look.</summary>
    public void Start() =>
        _timer = catalog.Time.CreateTimer(_ => CollectIdle(), null, options.CollectionQuantum, options.CollectionQuantum);

    /// <summary>An activation was added; past the bound the oldest tenth goes.</summary>
    public void Added(int count)
    {
        if (count <= options.MaxActivations || Interlocked.CompareExchange(ref _collecting, 1, 0) != 0)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(static collector => collector.CollectOldest(), this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void CollectIdle()
    {
        var before = catalog.Time.GetTimestamp() - (long)(options.CollectionAge.TotalSeconds * catalog.Time.TimestampFrequency);
        foreach (var activation in catalog.Activations)
            activation.DeactivateIfIdleSince(before);
    }

    private void CollectOldest()
    {
        try
        {
            var ages = catalog.Activations.Select(one => one.LastUsed).ToArray();
            Array.Sort(ages);
            var surplus = ages.Length - (options.MaxActivations / 10 * 9);
            if (surplus <= 0)
                return;
            foreach (var activation in catalog.Activations)
                activation.DeactivateIfIdleSince(ages[surplus - 1]);
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }
}
