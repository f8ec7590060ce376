using CapifOrleans.Events;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>
/// An event in the state of the grain where it happened, written together with the change itself: neither can be lost without the other.
/// </summary>
internal sealed class PendingEvent
{
    /// <summary>Its identifier, the same in every try.</summary>
    public required string EventId { get; init; }

    /// <summary>Which event.</summary>
    public required CapifEvent Event { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The detail.</summary>
    public CapifEventDetail? Detail { get; init; }

    /// <summary>The service APIs concerned.</summary>
    public List<string> ApiIds { get; init; } = [];

    /// <summary>The AEFs concerned.</summary>
    public List<string> AefIds { get; init; } = [];

    /// <summary>The API invokers concerned.</summary>
    public List<string> ApiInvokerIds { get; init; } = [];

    /// <summary>The event as topics take it.</summary>
    public EventOccurrence ToOccurrence() => new()
    {
        EventId = EventId,
        Event = Event,
        OccurredAt = OccurredAt,
        Detail = Detail,
        ApiIds = [.. ApiIds],
        AefIds = [.. AefIds],
        ApiInvokerIds = [.. ApiInvokerIds],
    };
}

/// <summary>Brings pending events to their topics.</summary>
internal static class PendingEvents
{
    /// <summary>The reminder of a grain that has pending events.</summary>
    public const string Reminder = "pending-events";

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>An identifier for a new event.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>
    /// Before the write that an event goes with: true when somebody subscribed, so that the event must be written. Then a reminder is made
    /// first, so that a crash after the write does not leave it lying. Where nobody subscribed, nothing is written for it.
    /// </summary>
    public static async Task<bool> PrepareAsync(Grain grain, IGrainFactory grains, CapifEvent capifEvent, CancellationToken cancellationToken)
    {
        if (!await Topic(grains, capifEvent).HasSubscribersAsync(cancellationToken))
            return false;
        await grain.RegisterOrUpdateReminder(Reminder, Period, Period);
        return true;
    }

    /// <summary>After the write: publishes what is pending, in order. The caller then clears its list and writes when it suits.</summary>
    public static async Task PublishAsync(IGrainFactory grains, IEnumerable<PendingEvent> pending, CancellationToken cancellationToken)
    {
        foreach (var one in pending)
            await Topic(grains, one.Event).PublishAsync(one.ToOccurrence(), cancellationToken);
    }

    /// <summary>
    /// After the write: publishes what is pending, takes it from the list and writes again. What fails is told to <paramref name="delayed"/> and
    /// stays: the change itself is on the disk, its caller must have the answer, and the reminder tries the event again.
    /// </summary>
    public static async Task TryPublishAsync(
        IGrainFactory grains, List<PendingEvent> pending, Func<Task> write, Action<Exception> delayed, CancellationToken cancellationToken)
    {
        if (pending.Count == 0)
            return;
        try
        {
            await PublishAsync(grains, pending, cancellationToken);
            pending.Clear();
            await write();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            delayed(fault);
        }
    }

    /// <summary>Ends the reminder once nothing is pending.</summary>
    public static Task DoneAsync(Grain grain) => grain.EndReminderAsync(Reminder);

    /// <summary>The topic of an event: its key is the event's wire name.</summary>
    public static IEventTopicGrain Topic(IGrainFactory grains, CapifEvent capifEvent) =>
        grains.GetGrain<IEventTopicGrain>(WireNames.Of(capifEvent));
}
