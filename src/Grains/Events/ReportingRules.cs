using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Events;

namespace CapifOrleans.Grains.Events;

/// <summary>How occurrences are reported (29.222 5.4.2.2.2, 29.523 5.4.2.2 in substance).</summary>
internal static class ReportingRules
{
    /// <summary>What a muted subscription keeps where the subscriber says nothing.</summary>
    public const int MostHeld = 1_000;

    /// <summary>What reporting information lacks, or cannot mean here; null when nothing.</summary>
    public static Refusal? Check(EventSubscription subscription)
    {
        var reporting = subscription.EventReq;
        var countIndex = IndexOfCount(subscription.Events);
        if (countIndex >= 0 && reporting?.RepPeriod is null)
            return Refusal.OfAttribute("eventReq.repPeriod", $"is needed with events[{countIndex}]", cause: "MANDATORY_IE_MISSING");
        if (reporting is null)
            return null;
        if (reporting.NotifMethod == NotificationMethod.Periodic && reporting.RepPeriod is null)
            return Refusal.OfAttribute("eventReq.repPeriod", "is needed with the notification method PERIODIC", cause: "MANDATORY_IE_MISSING");
        if (reporting.PartitionCriteria is not null)
        {
            return Refusal.OfAttribute(
                "eventReq.partitionCriteria", "partitions UEs, of which no event of CAPIF tells", ErrorKind.Forbidden, "NOT_SUPPORTED");
        }

        return TooSmall("eventReq.repPeriod", reporting.RepPeriod)
            ?? TooSmall("eventReq.grpRepTime", reporting.GrpRepTime)
            ?? TooSmall("eventReq.mutingSetting.maxNoOfNotif", reporting.MutingSetting?.MaxNoOfNotif)
            ?? TooSmall("eventReq.mutingSetting.durationBufferedNotif", reporting.MutingSetting?.DurationBufferedNotif);
    }

    /// <summary>
    /// sampRatio: the share, in percent, of API invokers (or service APIs, where an event tells of no API invoker) of which is reported. Who is in
    /// the sample stays in it: the choice is a hash, other for each subscription.
    /// </summary>
    public static bool IsSampled(string subscriptionId, ReportingInformation? reporting, EventOccurrence occurrence)
    {
        if (reporting?.SampRatio is not { } percent)
            return true;
        var subject = occurrence.ApiInvokerIds.FirstOrDefault() ?? occurrence.ApiIds.FirstOrDefault() ?? occurrence.EventId;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{subscriptionId}/{subject}"));
        return BitConverter.ToUInt32(hash) % 100 < (uint)percent;
    }

    /// <summary>Whether no more is to be reported: one report only, so many, or until a time (5.4.2.2.2).</summary>
    public static bool HasEnded(ReportingInformation? reporting, int reported, DateTimeOffset now) => reporting is not null
        && ((reporting.NotifMethod == NotificationMethod.OneTime && reported >= 1)
            || reported >= (reporting.MaxReportNbr ?? int.MaxValue)
            || reporting.MonDur?.Instant <= now);

    /// <summary>notifFlag: muted occurrences are kept until they are asked for (29.571 5.2.3).</summary>
    public static bool IsMuted(ReportingInformation? reporting) => reporting?.NotifFlag is NotificationFlag.Deactivate or NotificationFlag.Retrieval;

    /// <summary>How many notifications are kept while muted.</summary>
    public static int BoundOf(ReportingInformation? reporting) => Math.Min(reporting?.MutingSetting?.MaxNoOfNotif ?? MostHeld, MostHeld);

    private static int IndexOfCount(ImmutableArray<CapifEvent> events)
    {
        for (var index = 0; index < events.Length; index++)
        {
            if (EventRules.IsCount(events[index]))
                return index;
        }

        return -1;
    }

    private static Refusal? TooSmall(string attribute, int? value) =>
        value < 1 ? Refusal.OfAttribute(attribute, "must be at least 1", cause: "OPTIONAL_IE_INCORRECT") : null;
}
