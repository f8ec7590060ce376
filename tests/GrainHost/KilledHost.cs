using System.Diagnostics;
using System.Globalization;
using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>
/// The process of <see cref="KillTests"/>: this assembly, run by itself. It writes grain state from many callers at once and says each write
/// on its output after, and only after, it was acknowledged. At the moment of a given acknowledgement it kills itself (SIGKILL), since that
/// is when a write that was acknowledged too early is not yet durable.
/// </summary>
public static class KilledHost
{
    /// <summary>How many callers write at a time.</summary>
    public const int Writers = 1000;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [{ } folder, { } killAfter])
            return 2;
        var left = int.Parse(killAfter, CultureInfo.InvariantCulture);
        using var self = Process.GetCurrentProcess();
        await using var host = await GrainHostFixture.StartAsync(folder: folder);
        var output = Console.Out;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var grain = host.Grain<INotesGrain>(writer.ToString(CultureInfo.InvariantCulture));
            for (var number = 1; ; number++)
            {
                await grain.WriteAsync(number.ToString(CultureInfo.InvariantCulture));
                lock (output)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writer} {number} ."));
                    output.Flush();
                    if (--left == 0)
                        self.Kill();
                }
            }
        })));
        return 0;
    }
}
