using System.Globalization;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>What onboarded invokers cost while nothing is asked of them, measured within the core function's process after a full collection.</summary>
internal sealed record IdleMemory(int Invokers, int Activations, double LivePerInvoker, double ResidentPerInvoker, double DiskPerInvoker)
{
    // Onboarded and idle again before the first measurement, so that what every core function holds is not laid on the invokers.
    private const int First = 1000;

    /// <summary>Onboards up to each of the wanted numbers over TLS, waits until the grains are idle, and measures.</summary>
    public static async Task<List<IdleMemory>> MeasureAsync(string folder, BenchOptions options)
    {
        Directory.CreateDirectory(folder);
        var (server, target) = await ServerProcess.StartMeasuredCoreAsync(folder);
        using var end = server;
        using var run = new DemoRun(target, new DemoReport(TextWriter.Null));
        var data = Path.Combine(folder, "capif-data");
        await OnboardAsync(First);
        var before = await ServerProcess.MemoryAsync(server);
        var diskBefore = Disk(data);
        var measured = new List<IdleMemory>();
        var onboarded = 0;
        foreach (var count in options.Memory)
        {
            await OnboardAsync(count - onboarded);
            onboarded = count;
            var now = await ServerProcess.MemoryAsync(server);
            measured.Add(new IdleMemory(
                count, now.Activations, (double)(now.Live - before.Live) / count, (double)(now.Resident - before.Resident) / count,
                (double)(Disk(data) - diskBefore) / count));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now}, before {before}"));
        }

        return measured;

        async Task OnboardAsync(int more)
        {
            // In parts: a credential does not live for ever, and so many requests need not be held at once.
            for (var done = 0; done < more; done += 10_000)
            {
                await ProviderSteps.EnrolAsync(run, default);
                await Onboarding.RunAsync(run, server.Id, options.Clients, Math.Min(10_000, more - done));
            }
        }
    }

    private static long Disk(string folder) => Directory.EnumerateFiles(folder, "state.db").Sum(file => new FileInfo(file).Length);
}
