using System.Reflection;

namespace Orleans.Hosting;

/// <summary>Options of the embedded grain host.</summary>
public sealed class EmbeddedGrainHostOptions
{
    /// <summary>The SQLite file that holds state and reminders; made where there is none.</summary>
    public string DatabaseFile { get; set; } = "";

    /// <summary>Where grain classes are looked for.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>How long a caller waits for an answer. Default 30 s, as in Orleans.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long without calls an activation ends. Default 15 min, as in Orleans.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Default 1 min.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most activations that live at a time; past it the longest idle ones end. Default 20,000.</summary>
    public int MaxActivations { get; set; } = 20_000;

    /// <summary>The shortest period of a reminder. Default 1 min, as in Orleans.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stop waits for calls that run. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
