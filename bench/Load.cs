using System.Diagnostics;

namespace CapifOrleans.Bench;

/// <summary>What a load showed.</summary>
/// <param name="What">What was asked.</param>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="P50">Median, in ms.</param>
/// <param name="P99">The slowest of a hundred, in ms.</param>
/// <param name="CpuMicroseconds">The server's processor time an answer.</param>
internal sealed record Measured(string What, double PerSecond, double P50, double P99, double CpuMicroseconds)
{
    /// <summary>The load's own processor time an answer, in µs: server and load share the processors.</summary>
    public double ClientCpuMicroseconds { get; init; }

    /// <summary>What the bare endpoint did beside it; null where it was not asked.</summary>
    public double? BarePerSecond { get; init; }

    /// <summary>The bare endpoint's processor time an answer.</summary>
    public double? BareCpuMicroseconds { get; init; }
}

/// <summary>Runs loads, and looks at the clock and at the processor time of both sides.</summary>
internal static partial class Load
{
    /// <summary>The longest that something is warmed.</summary>
    public static readonly TimeSpan LongestWarmth = TimeSpan.FromSeconds(15);

    /// <summary>So many clients, each sending its next request when it has the answer to the last, for so long.</summary>
    public static async Task<Measured> RunAsync(string what, int serverProcess, int clients, TimeSpan duration, Func<int, Func<Task>> client)
    {
        var steps = Enumerable.Range(0, clients).Select(client).ToArray();
        await WarmAsync(serverProcess, steps, LongestWarmth);
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return await MeasureAsync(what, serverProcess, steps, () => Stopwatch.GetTimestamp() < end);
    }

    /// <summary>Repeats the steps, all beside each other, as long as <paramref name="goOn"/> says.</summary>
    public static async Task<Measured> MeasureAsync(string what, int serverProcess, Func<Task>[] steps, Func<bool> goOn)
    {
        var cpu = Processor.Time(serverProcess);
        var own = Processor.OwnTime;
        var started = Stopwatch.GetTimestamp();
        var latencies = await LoopAsync(steps, goOn);
        var took = Stopwatch.GetElapsedTime(started);
        var used = Processor.Time(serverProcess) - cpu;
        var ownUsed = Processor.OwnTime - own;
        latencies.Sort();
        return new Measured(
            what, latencies.Count / took.TotalSeconds, latencies[latencies.Count / 2], latencies[latencies.Count * 99 / 100],
            used.TotalMicroseconds / latencies.Count)
        {
            ClientCpuMicroseconds = ownUsed.TotalMicroseconds / latencies.Count,
        };
    }

    /// <summary>
    /// Repeats the steps until neither side compiles any more what it runs: what is compiled while it is measured measures the compiler, and a
    /// server runs for months. At most <paramref name="most"/>.
    /// </summary>
    public static async Task WarmAsync(int serverProcess, Func<Task>[] steps, TimeSpan most)
    {
        var end = Stopwatch.GetTimestamp() + (long)(most.TotalSeconds * Stopwatch.Frequency);
        for (var quiet = 0; quiet < 3 && Stopwatch.GetTimestamp() < end;)
        {
            var before = Processor.CompilerTime(serverProcess) + Processor.CompilerTime(Environment.ProcessId);
            await LoopAsync(steps, TimeSpan.FromSeconds(0.5));
            var compiled = Processor.CompilerTime(serverProcess) + Processor.CompilerTime(Environment.ProcessId) - before;
            quiet = compiled < TimeSpan.FromMilliseconds(30) ? quiet + 1 : 0;
        }
    }

    private static Task<List<double>> LoopAsync(Func<Task>[] steps, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return LoopAsync(steps, () => Stopwatch.GetTimestamp() < end);
    }

    private static async Task<List<double>> LoopAsync(Func<Task>[] steps, Func<bool> goOn)
    {
        var all = await Task.WhenAll(steps.Select(step => Task.Run(async () =>
        {
            var own = new List<double>(4096);
            var now = Stopwatch.GetTimestamp();
            while (goOn())
            {
                await step();
                var after = Stopwatch.GetTimestamp();
                own.Add(Stopwatch.GetElapsedTime(now, after).TotalMilliseconds);
                now = after;
            }

            return own;
        })));
        return [.. all.SelectMany(one => one)];
    }
}
