namespace CapifOrleans.Events;

/// <summary>The bounds of a muted subscription (29.571 5.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.MutingNotificationsSettings")]
public sealed record MutingNotificationsSettings
{
    /// <summary>Highest no of notification.</summary>
    [Id(0), JsonPropertyName("maxNoOfNotif")]
    public int? MaxNoOfNotif { get; init; }

    /// <summary>Duration buffered notification.</summary>
    [Id(1), JsonPropertyName("durationBufferedNotif")]
    public int? DurationBufferedNotif { get; init; }
}
