namespace Orleans.Runtime
{
    /// <summary>A durable, recurring call of a grain.</summary>
    public interface IGrainReminder
    {
        /// <summary>The name, unique within the grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>When a reminder fired, and when it should have.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus
    {
        /// <summary>When the first tick was due.</summary>
        [Id(0)]
        public DateTime FirstTickTime { get; private init; }

        /// <summary>The time between ticks.</summary>
        [Id(1)]
        public TimeSpan Period { get; private init; }

        /// <summary>When this tick was delivered.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; private init; }

        /// <summary>A tick.</summary>
        public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
        {
            FirstTickTime = firstTickTime;
            Period = period;
            CurrentTickTime = timeStamp;
        }
    }
}

namespace Orleans
{
    /// <summary>Why an activation ends.</summary>
    public enum DeactivationReasonCode : byte
    {
        /// <summary>Unknown.</summary>
        None,
        /// <summary>The host is stopping.</summary>
        ShuttingDown,
        /// <summary>Its activation failed.</summary>
        ActivationFailed,
        /// <summary>It was idle.</summary>
        ActivationIdle,
        /// <summary>Something in it failed, as a write of its state.</summary>
        ApplicationError,
        /// <summary>It asked for it.</summary>
        ApplicationRequested,
    }

    /// <summary>Why an activation ends, with a text for people.</summary>
    public readonly struct DeactivationReason(DeactivationReasonCode code, string text)
    {
        /// <summary>The code.</summary>
        public DeactivationReasonCode ReasonCode { get; } = code;

        /// <summary>The text.</summary>
        public string Description { get; } = text;
    }
}
