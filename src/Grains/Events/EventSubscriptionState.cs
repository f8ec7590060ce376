using CapifOrleans.Events;

namespace CapifOrleans.Grains.Events;

/// <summary>What a subscription stores.</summary>
internal sealed class EventSubscriptionState
{
    /// <summary>The subscription; null when there is none.</summary>
    public SubscriptionRecord? Record { get; set; }

    /// <summary>How many occurrences were reported.</summary>
    public int Reported { get; set; }

    /// <summary>What waits for delivery.</summary>
    public OutboxState Outbox { get; set; } = new();

    /// <summary>What is kept back until the period ends, the group is complete, or the subscription is no longer muted.</summary>
    public List<OutboxEntry> Held { get; set; } = [];

    /// <summary>When what is kept back, and what is counted, is reported next; null where no report is due.</summary>
    public DateTimeOffset? ReportAt { get; set; }

    /// <summary>When a muted subscription has kept enough; null where it is not muted, or for any time.</summary>
    public DateTimeOffset? MutedUntil { get; set; }

    /// <summary>Whether the exception of a muted subscription ended the reporting (CLOSE).</summary>
    public bool IsClosed { get; set; }

    /// <summary>The immediate report that is still to be made; null where none is.</summary>
    public string? ImmediateReport { get; set; }

    /// <summary>The counts of discoveries at the last report, by apiId; null where counting has not begun.</summary>
    public Dictionary<string, DiscoveryTally>? CountedBefore { get; set; }
}
