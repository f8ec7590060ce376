using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>What the host tells of itself: the meter and the traces named <c>CapifOrleans.EmbeddedHost</c>. Costs next to nothing while nobody listens.</summary>
internal sealed class HostMeter
{
    /// <summary>The name of the meter and of the traces.</summary>
    public const string Name = "CapifOrleans.EmbeddedHost";

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _writes;
    private readonly Histogram<int> _group;

    public HostMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("capif.grain.calls", "{call}", "Calls of grains");
        _duration = meter.CreateHistogram<double>("capif.grain.call.duration", "s", "From a call of a grain to its answer");
        _writes = meter.CreateCounter<long>("capif.database.writes", "{write}", "Durable writes");
        _group = meter.CreateHistogram<int>("capif.database.group", "{write}", "Writes that shared a commit");
        meter.CreateObservableGauge("capif.grain.activations", () => Activations?.Invoke() ?? 0, "{activation}", "Live activations");
    }

    /// <summary>The source of traces.</summary>
    public static ActivitySource Traces { get; } = new(Name);

    /// <summary>Counts the live activations.</summary>
    public Func<int>? Activations { get; set; }

    /// <summary>A call is sent.</summary>
    public void Sent(GrainRequest request)
    {
        _calls.Add(1);
        if (_duration.Enabled)
            request.SentAt = Stopwatch.GetTimestamp();
    }

    /// <summary>A trace of a call begins; the result is the trace that it interrupts.</summary>
    public static Activity? BeginTrace(GrainRequest request)
    {
        var outer = Activity.Current;
        request.Trace = Traces.StartActivity(request.Method.Name);
        return outer;
    }

    /// <summary>A call is over.</summary>
    public void Completed(GrainRequest request, Exception? fault)
    {
        if (request.SentAt != 0)
            _duration.Record(Stopwatch.GetElapsedTime(request.SentAt).TotalSeconds, new KeyValuePair<string, object?>("method", request.Method.Name));
        if (request.Trace is not { } trace)
            return;
        if (fault is not null)
            trace.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
        trace.Stop();
    }

    /// <summary>A group of writes was committed.</summary>
    public void Committed(int writes)
    {
        _writes.Add(writes);
        _group.Record(writes);
    }
}
