using System.Diagnostics.Metrics;
using System.Globalization;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;
using Orleans.Hosting;

namespace CapifOrleans.Bench;

/// <summary>
/// The core function as <c>serve</c> runs it, in a process that also tells its memory when it is asked: a line on standard input is answered,
/// once idle grains are gone, with the live octets after a full collection, the resident ones, and the activations that are left.
/// </summary>
internal static class CoreHost
{
    // The default, 15 minutes, as at an operator's; but a benchmark does not wait that long when it wants the idle state.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(string folder)
    {
        EmbeddedGrainHostOptions? grains = null;
        var options = new SiloOptions { DataDirectory = folder, CorePort = 0, EnrolmentPort = 0, OperationsPort = 0 };
        await using var core = await CoreFunction.StartAsync(
            options,
            Stream.Null,
            TimeProvider.System,
            services =>
            {
                grains = (EmbeddedGrainHostOptions)services.Single(one => one.ServiceType == typeof(EmbeddedGrainHostOptions)).ImplementationInstance!;
                grains.CollectionQuantum = Soon;
            },
            default);
        await Banner.WriteAsync(Console.Out, core, options, TimeSpan.Zero);
        var age = grains!.CollectionAge;
        while (await Console.In.ReadLineAsync() is not null)
        {
            grains.CollectionAge = Soon;
            var activations = await SettledAsync();
            grains.CollectionAge = age;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory {LiveMemory()} {Environment.WorkingSet} {activations}"));
        }
    }

    // What is left after an idle while is what never ends: workers and what ticks.
    private static async Task<int> SettledAsync()
    {
        var activations = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Name == "capif.grain.activations")
                its.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => activations = value);
        listener.Start();
        for (int before = -1, same = 0; same < 5; before = activations)
        {
            await Task.Delay(Soon);
            listener.RecordObservableInstruments();
            same = activations == before ? same + 1 : 0;
        }

        return activations;
    }

    private static long LiveMemory()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
