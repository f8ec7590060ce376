using Orleans.Hosting;

namespace Orleans.Runtime;

/// <summary>
/// Ends idle activations: those nobody called for a while, and, where there are too many, the longest idle ones. Its clock is a count that
/// moves with each new activation and each look, so that noting a use costs a call nothing but a read.
/// </summary>
internal sealed class IdleCollector(GrainCatalog catalog, EmbeddedGrainHostOptions options) : IDisposable
{
    private static readonly DeactivationReason Idle = new(DeactivationReasonCode.ActivationIdle, "Nobody called it for a while.");
    private static readonly DeactivationReason TooMany = new(DeactivationReasonCode.HighMemoryPressure, "There were too many activations.");

    private readonly Queue<(long Timestamp, long Now)> _looks = new();
    private ITimer? _timer;
    private long _now;
    private int _collecting;

    /// <summary>The present time, on this collector's clock.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        Look();
        _timer = catalog.Time.CreateTimer(static collector => ((IdleCollector)collector!).Look(), this, options.CollectionQuantum, options.CollectionQuantum);
    }

    /// <summary>An activation was added; past the bound the longest idle tenth goes.</summary>
    public void Added(int count)
    {
        Interlocked.Increment(ref _now);
        if (count <= options.MaxActivations || Interlocked.CompareExchange(ref _collecting, 1, 0) != 0)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(static collector => collector.CollectLongestIdle(), this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        lock (_looks)
        {
            var timestamp = catalog.Time.GetTimestamp();
            // What is used from now on is younger than this look.
            _looks.Enqueue((timestamp, Interlocked.Increment(ref _now) - 1));
            var longest = TimeSpan.Zero;
            foreach (var grainClass in catalog.Classes.All)
            {
                var age = grainClass.CollectionAge ?? options.CollectionAge;
                if (age == TimeSpan.MaxValue)
                    continue;
                longest = age > longest ? age : longest;
                if (LastLookBefore(timestamp, age) is not { } before)
                    continue;
                foreach (var activation in grainClass.Activations)
                    activation.DeactivateIfUnusedSince(before, Idle);
            }

            // The last one that is old enough for every class must stay.
            while (_looks.Count > 1 && catalog.Time.GetElapsedTime(_looks.ElementAt(1).Timestamp, timestamp) >= longest)
                _looks.Dequeue();
        }
    }

    private long? LastLookBefore(long timestamp, TimeSpan age)
    {
        long? last = null;
        foreach (var (at, now) in _looks)
        {
            if (catalog.Time.GetElapsedTime(at, timestamp) < age)
                break;
            last = now;
        }

        return last;
    }

    private void CollectLongestIdle()
    {
        try
        {
            var uses = catalog.Activations.Select(one => one.LastUsed).ToArray();
            Array.Sort(uses);
            var surplus = uses.Length - (options.MaxActivations / 10 * 9);
            if (surplus <= 0)
                return;
            foreach (var activation in catalog.Activations)
                activation.DeactivateIfUnusedSince(uses[surplus - 1], TooMany);
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }
}
