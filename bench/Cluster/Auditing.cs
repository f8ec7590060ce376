namespace CapifOrleans.Bench;

/// <summary>The audit benchmark is of SQLite's tables: a build for a cluster has none of them.</summary>
internal static class Auditing
{
    /// <summary>Says so.</summary>
    public static Task RunAsync(string folder, int entries) =>
        throw new NotSupportedException($"No {entries} entries in {folder}: audit measures the embedded host's store; run it without -p:GrainHost=Orleans.");
}
