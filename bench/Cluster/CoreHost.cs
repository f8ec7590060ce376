namespace CapifOrleans.Bench;

/// <summary>The memory of a core function is asked of the embedded host's own settings: a build for a cluster has none of them.</summary>
internal static class CoreHost
{
    /// <summary>Says so.</summary>
    public static Task RunAsync(string folder) =>
        throw new NotSupportedException($"No core function on {folder}: this measures the embedded host; run it without -p:GrainHost=Orleans.");
}
