using System.Diagnostics;
using System.Globalization;

namespace CapifOrleans.Bench;

/// <summary>What Linux tells of a process.</summary>
internal static class Processor
{
    /// <summary>The processor time of this process.</summary>
    public static TimeSpan OwnTime => Environment.CpuUsage.TotalTime;

    /// <summary>The processor time of another.</summary>
    public static TimeSpan Time(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.TotalProcessorTime;
    }

    /// <summary>What .NET's compiler in the background has used in that process so far; what its ended threads used is not in it.</summary>
    public static TimeSpan CompilerTime(int process)
    {
        var ticks = 0L;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(thread, "stat"));
            }
            catch (IOException)
            {
                // It has ended.
                continue;
            }

            // The name is in brackets, cut to 15 characters; user and system time are the 14th and 15th field (proc_pid_stat(5)).
            var name = stat.AsSpan(stat.IndexOf('(') + 1);
            if (!name.StartsWith(".NET Tiered Com", StringComparison.Ordinal))
                continue;
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }

        return TimeSpan.FromMilliseconds(10 * ticks);
    }
}
