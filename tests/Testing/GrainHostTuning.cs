namespace CapifOrleans.Testing;

/// <summary>What a test changes of its grain host; null leaves the host's own. Both hosts have these.</summary>
public sealed class GrainHostTuning
{
    /// <summary>How long a caller waits for an answer.</summary>
    public TimeSpan? ResponseTimeout { get; set; }

    /// <summary>The most activations that live at a time; the embedded host only, Orleans bounds memory instead.</summary>
    public int? MaxActivations { get; set; }

    /// <summary>How long a stop waits for calls that run.</summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>The shortest period of a reminder.</summary>
    public TimeSpan? MinimumReminderPeriod { get; set; }
}
