namespace CapifOrleans.AccessControl;

/// <summary>A range of time in which invocations are allowed (TS 29.222 8.6.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.TimeRangeList")]
public sealed record TimeRange
{
    /// <summary>Start time.</summary>
    [Id(0), JsonPropertyName("startTime")]
    public WireDateTime? StartTime { get; init; }

    /// <summary>Stop time.</summary>
    [Id(1), JsonPropertyName("stopTime")]
    public WireDateTime? StopTime { get; init; }
}
