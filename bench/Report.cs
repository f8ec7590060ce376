using System.Globalization;

namespace CapifOrleans.Bench;

/// <summary>The table.</summary>
internal static class Report
{
    public static void Print(TextWriter output, BenchOptions options, IReadOnlyList<Measured> results, IReadOnlyList<IdleMemory> memory)
    {
        string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(Text($"\n{Environment.ProcessorCount} processors, shared by server and load; {options.Clients} clients; {options.Duration.TotalSeconds:F0} s each.\n"));
        output.WriteLine("| what | a second | bare beside it | of bare | p50 ms | p99 ms | server CPU µs (bare) | load CPU µs |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var one in results)
        {
            var bare = one.BarePerSecond is { } its ? Text($"{its:N0} | {100 * one.PerSecond / its:F0} %") : " | ";
            var cpu = one.BareCpuMicroseconds is { } micros ? Text($" ({micros:F0})") : "";
            output.WriteLine(Text(
                $"| {one.What} | {one.PerSecond:N0} | {bare} | {one.P50:F2} | {one.P99:F2} | {one.CpuMicroseconds:F0}{cpu} | {one.ClientCpuMicroseconds:F0} |"));
        }

        if (memory.Count == 0)
            return;
        output.WriteLine("\n| idle onboarded invokers | live memory each, KB | resident memory each, KB | activations | on disk each, KB |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var one in memory)
            output.WriteLine(Text($"| {one.Invokers:N0} | {one.LivePerInvoker / 1024:F3} | {one.ResidentPerInvoker / 1024:F2} | {one.Activations} | {one.DiskPerInvoker / 1024:F2} |"));
    }
}
