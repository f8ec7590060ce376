using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests;

public sealed class MeterTests
{
    private const string Name = "CapifOrleans.EmbeddedHost";

    [Fact]
    public async Task Calls_writes_and_activations_are_counted()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, its) =>
            {
                // Other tests' hosts run meanwhile; each has its own factory, and the scope says whose.
                if (instrument.Meter.Name == Name && instrument.Meter.Scope == host.Services.GetService(typeof(IMeterFactory)))
                    its.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();

        await host.Grain<INotesGrain>("a").WriteAsync("one");
        await host.Grain<INotesGrain>("b").WriteAsync("two");
        await host.Grain<INotesGrain>("b").ReadAsync();
        listener.RecordObservableInstruments();

        Assert.Equal(3, measured["capif.grain.calls"]);
        Assert.Equal(2, measured["capif.grain.activations"]);
        Assert.True(measured["capif.grain.call.duration"] > 0);
        // Told after the writers were, so the last may still be on its way.
        Assert.InRange(measured["capif.database.writes"], 1, 2);
        Assert.Equal(measured["capif.database.writes"], measured["capif.database.group"]);
    }

    [Fact]
    public async Task A_call_is_a_trace_within_its_callers_and_says_when_it_failed()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one.Name == Name || one == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await GrainHostFixture.StartAsync();

        using var outer = source.StartActivity("outer")!;
        await Assert.ThrowsAsync<WrongNumberException>(() => host.Grain<IFaultGrain>("a").RelayAsync("b", 1));

        Assert.Same(outer, Activity.Current);
        var (inner, relayed) = (Ended("ThrowLaterAsync"), Ended("RelayAsync"));
        Assert.Equal(outer.SpanId, relayed.ParentSpanId);
        Assert.Equal(relayed.SpanId, inner.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, relayed.Status);

        Activity Ended(string method)
        {
            // The caller has its answer a moment before the trace ends.
            Assert.True(SpinWait.SpinUntil(() => Of(method) is not null, TimeSpan.FromSeconds(10)));
            return Of(method)!;
        }

        Activity? Of(string method) => ended.FirstOrDefault(one => one.TraceId == outer.TraceId && one.OperationName == $"IFaultGrain.{method}");
    }
}
