using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

// Measures the embedded grain host: dotnet run -c Release --project bench/GrainHost [folder]
var folder = args.Length > 0 ? args[0] : Directory.CreateTempSubdirectory("capif-bench-").FullName;
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Services.AddSingleton<IGrainStorageSerializer, BenchSerializer>();
builder.Services.AddEmbeddedGrainHost(options =>
{
    options.DatabaseFile = Path.Combine(folder, "state.db");
    options.GrainAssemblies.Add(typeof(CounterGrain).Assembly);
    options.MaxActivations = 1_000_000;
});
using var host = builder.Build();
await host.StartAsync();
var grains = host.Services.GetRequiredService<IGrainFactory>();

for (var round = 0; round < 2; round++)
{
    Console.WriteLine(round == 0 ? "warming up" : "measured");
    var one = grains.GetGrain<ICounterGrain>("one");
    await MeasureAsync("call of an idle grain, reference kept", 1, 1_000_000, (_, _) => one.PingAsync(1));
    await MeasureAsync("call of an idle grain, with GetGrain", 1, 1_000_000, (_, _) => grains.GetGrain<ICounterGrain>("one").PingAsync(1));
    await MeasureAsync("call that awaits once", 1, 300_000, (_, _) => one.PauseAsync());
    await MeasureAsync("2 callers, a grain each", 2, 1_000_000, (worker, _) => grains.GetGrain<ICounterGrain>(Key("own", worker)).PingAsync(1));
    await MeasureAsync("64 callers, one grain, awaiting", 64, 300_000, (_, _) => one.PauseAsync());
    await MeasureAsync("stateless worker", 2, 500_000, (_, _) => grains.GetGrain<IBenchWorkerGrain>("w").PingAsync(1));
    await MeasureAsync("grain calls grain", 1, 300_000, (_, _) => one.RelayAsync("other"));
    await MeasureAsync("durable write, 1 writer", 1, 5_000, (_, _) => grains.GetGrain<IWriterGrain>("w").WriteAsync(300));
    await MeasureAsync("durable write of 300 B, 64 writers", 64, 100_000, (worker, _) => grains.GetGrain<IWriterGrain>(Key("w", worker)).WriteAsync(300));
    await MeasureAsync("activation, state read, 2 callers", 2, 50_000, (_, _) => grains.GetGrain<IWriterGrain>(Guid.NewGuid().ToString("N")).SizeAsync());
    await MeasureAsync("first durable write of a new grain, 64 writers", 64, 50_000, (worker, call) =>
        grains.GetGrain<IWriterGrain>(Key(Guid.NewGuid().ToString("N"), call)).WriteAsync(300));
}

var before = Live();
const int Many = 100_000;
for (var index = 0; index < Many; index++)
    await grains.GetGrain<ICounterGrain>(Key("many", index)).PingAsync(1);
Console.WriteLine($"{"memory of an idle activation without state",-52} {(Live() - before) / Many,12:N0} B");
await host.StopAsync();

static string Key(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

static long Live() => GC.GetTotalMemory(forceFullCollection: true);

static async Task MeasureAsync(string what, int workers, int calls, Func<int, int, Task> call)
{
    var allocated = GC.GetTotalAllocatedBytes(precise: true);
    var watch = Stopwatch.StartNew();
    await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
    {
        for (var number = 0; number < calls / workers; number++)
            await call(worker, number);
    })));
    var seconds = watch.Elapsed.TotalSeconds;
    allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
    Console.WriteLine(
        $"{what,-52} {calls / seconds,12:N0}/s {seconds / calls * 1e9 * Math.Min(workers, 2),10:N0} ns of a core at most {allocated / calls,8:N0} B");
}

[Alias("bench.ICounterGrain")]
internal interface ICounterGrain : IGrainWithStringKey
{
    [Alias("Ping")]
    Task<int> PingAsync(int value);

    [Alias("Pause")]
    Task PauseAsync();

    [Alias("Relay")]
    Task<int> RelayAsync(string key);
}

[Alias("bench.IBenchWorkerGrain")]
internal interface IBenchWorkerGrain : IGrainWithStringKey
{
    [Alias("Ping")]
    Task<int> PingAsync(int value);
}

[Alias("bench.IWriterGrain")]
internal interface IWriterGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task WriteAsync(int size);

    [Alias("Size")]
    Task<int> SizeAsync();
}

internal sealed class CounterGrain : Grain, ICounterGrain
{
    private int _number;

    public Task<int> PingAsync(int value) => Task.FromResult(_number += value);

    public async Task PauseAsync() => await Task.Yield();

    public async Task<int> RelayAsync(string key) => await GrainFactory.GetGrain<ICounterGrain>(key).PingAsync(1);
}

[StatelessWorker]
internal sealed class BenchWorkerGrain : Grain, IBenchWorkerGrain
{
    public Task<int> PingAsync(int value) => Task.FromResult(value);
}

internal sealed class WriterState
{
    public string Text { get; set; } = "";
}

internal sealed class WriterGrain([PersistentState("state", "state")] IPersistentState<WriterState> state) : Grain, IWriterGrain
{
    public Task<int> SizeAsync() => Task.FromResult(state.State.Text.Length);

    public Task WriteAsync(int size)
    {
        state.State.Text = new string('x', size);
        return state.WriteStateAsync();
    }
}

internal sealed class BenchSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span)!;
}
