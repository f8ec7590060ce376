namespace Orleans.Runtime;

/// <summary>One activation of a grain.</summary>
public interface IGrainContext
{
    /// <summary>The services that the grain may use.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>The grain.</summary>
    GrainId GrainId { get; }

    /// <summary>Ends the activation once what it is doing is done.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken? cancellationToken = null);
}

/// <summary>A grain's identity: the durable name of its class, and its key.</summary>
public readonly record struct GrainId(string Type, string Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";
}

/// <summary>A timer of a grain.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Changes when it is due.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
{
    /// <summary>The time until the first call.</summary>
    public TimeSpan DueTime { get; init; } = dueTime;

    /// <summary>The time between calls, counted from the end of one; infinite for one call only.</summary>
    public TimeSpan Period { get; init; } = period;

    /// <summary>Whether the calls may interleave with what else the grain does.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether the calls keep the activation from being idle.</summary>
    public bool KeepAlive { get; init; }
}
