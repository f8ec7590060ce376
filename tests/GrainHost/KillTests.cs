using System.Diagnostics;
using System.Globalization;
using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests;

public sealed class KillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1500)]
    [InlineData(20000)]
    public async Task Every_acknowledged_write_is_there_after_a_kill_in_the_middle_of_a_thousand_writers(int killAfter)
    {
        var folder = Directory.CreateTempSubdirectory("capif-killed-").FullName;
        // The first host makes what a host needs; the one that is killed finds it there.
        await using (await GrainHostFixture.StartAsync(folder: folder))
        {
        }

        var acknowledged = await WriteUntilKilledAsync(folder, killAfter);
        Assert.True(acknowledged.Values.Sum() >= killAfter);

        await using (var host = await GrainHostFixture.StartAsync(folder: folder))
        {
            foreach (var (writer, number) in acknowledged)
            {
                var found = await host.Grain<INotesGrain>(writer).ReadAsync();
                // The kill may have come between the commit and the acknowledgement of one more.
                Assert.InRange(int.Parse(found ?? "0", CultureInfo.InvariantCulture), number, number + 1);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs the process until it is killed at so many acknowledgements; the result is the last one of each writer.</summary>
    private static async Task<Dictionary<string, int>> WriteUntilKilledAsync(string folder, int killAfter)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(KilledHost).Assembly.Location, folder, killAfter.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var acknowledged = new Dictionary<string, int>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // A line that the kill cut off was not an acknowledgement.
            if (line.Split(' ') is [var writer, var number, "."])
                acknowledged[writer] = int.Parse(number, CultureInfo.InvariantCulture);
        }

        await process.WaitForExitAsync();
        Assert.Equal(128 + 9, process.ExitCode);
        return acknowledged;
    }
}
