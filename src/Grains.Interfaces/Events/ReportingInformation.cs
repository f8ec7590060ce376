namespace CapifOrleans.Events;

/// <summary>How occurrences are reported (29.523 5.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ReportingInformation")]
public sealed record ReportingInformation
{
    /// <summary>Immediate reporting.</summary>
    [Id(0), JsonPropertyName("immRep")]
    public bool? ImmRep { get; init; }

    /// <summary>Notification method.</summary>
    [Id(1), JsonPropertyName("notifMethod")]
    public NotificationMethod? NotifMethod { get; init; }

    /// <summary>Highest report number.</summary>
    [Id(2), JsonPropertyName("maxReportNbr"), Bounds(0, long.MaxValue)]
    public int? MaxReportNbr { get; init; }

    /// <summary>Monitoring duration.</summary>
    [Id(3), JsonPropertyName("monDur")]
    public WireDateTime? MonDur { get; init; }

    /// <summary>Reporting period.</summary>
    [Id(4), JsonPropertyName("repPeriod")]
    public int? RepPeriod { get; init; }

    /// <summary>Sampling ratio.</summary>
    [Id(5), JsonPropertyName("sampRatio"), Bounds(1, 100)]
    public int? SampRatio { get; init; }

    /// <summary>Partition criteria.</summary>
    [Id(6), JsonPropertyName("partitionCriteria"), MinItems(1)]
    public ImmutableArray<PartitioningCriteria>? PartitionCriteria { get; init; }

    /// <summary>Group reporting time.</summary>
    [Id(7), JsonPropertyName("grpRepTime")]
    public int? GrpRepTime { get; init; }

    /// <summary>Notification flag.</summary>
    [Id(8), JsonPropertyName("notifFlag")]
    public NotificationFlag? NotifFlag { get; init; }

    /// <summary>Notification flag instruct.</summary>
    [Id(9), JsonPropertyName("notifFlagInstruct")]
    public MutingExceptionInstructions? NotifFlagInstruct { get; init; }

    /// <summary>Muting setting.</summary>
    [Id(10), JsonPropertyName("mutingSetting")]
    public MutingNotificationsSettings? MutingSetting { get; init; }
}
