using System.Diagnostics;

namespace CapifOrleans.Bench;

/// <summary>What a load showed.</summary>
internal sealed record Measured(string What, double PerSecond, double P50, double P99, double CpuMicroseconds)
{
    /// <summary>What the bare endpoint did right after; null where it was not asked.</summary>
    public double? BarePerSecond { get; init; }
}

/// <summary>Runs loads, and looks at the clock and at the server's processor time.</summary>
internal static class Load
{
    /// <summary>So many clients, each sending its next request when it has the answer to the last, for so long.</summary>
    public static async Task<Measured> RunAsync(string what, int serverProcess, int clients, TimeSpan duration, Func<int, Func<Task>> client)
    {
        var steps = Enumerable.Range(0, clients).Select(client).ToArray();
        // Warm: code that is compiled while it is measured measures the compiler.
        await LoopAsync(steps, TimeSpan.FromSeconds(Math.Min(2, duration.TotalSeconds)));
        var cpu = Processor.Time(serverProcess);
        var started = Stopwatch.GetTimestamp();
        var latencies = await LoopAsync(steps, duration);
        var took = Stopwatch.GetElapsedTime(started);
        var used = Processor.Time(serverProcess) - cpu;
        latencies.Sort();
        return new Measured(
            what, latencies.Count / took.TotalSeconds, latencies[latencies.Count / 2], latencies[latencies.Count * 99 / 100],
            used.TotalMicroseconds / latencies.Count);
    }

    private static async Task<List<double>> LoopAsync(Func<Task>[] steps, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(steps.Select(step => Task.Run(async () =>
        {
            var own = new List<double>(4096);
            for (var now = Stopwatch.GetTimestamp(); now < end;)
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

/// <summary>What Linux tells of a process.</summary>
internal static class Processor
{
    public static TimeSpan Time(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.TotalProcessorTime;
    }

    /// <summary>Resident memory, in octets.</summary>
    public static long Memory(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.WorkingSet64;
    }
}
