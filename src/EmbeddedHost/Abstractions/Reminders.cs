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
        public DateTime FirstTickTime { get; }

        /// <summary>The time between ticks.</summary>
        [Id(1)]
        public TimeSpan Period { get; }

        /// <summary>When this tick was delivered.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; }

        /// <summary>A tick.</summary>
        public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
        {
            FirstTickTime = firstTickTime;
            Period = period;
            CurrentTickTime = timeStamp;
        }

        /// <inheritdoc/>
        public override string ToString() => $"<{FirstTickTime}, {Period}, {CurrentTickTime}>";
    }
}

namespace Orleans
{
    /// <summary>Why an activation ends.</summary>
    [GenerateSerializer]
    public enum DeactivationReasonCode : byte
    {
        /// <summary>Unknown.</summary>
        None,
        /// <summary>The host is stopping.</summary>
        ShuttingDown,
        /// <summary>Its activation failed.</summary>
        ActivationFailed,
        /// <summary>Not used by the embedded host.</summary>
        DirectoryFailure,
        /// <summary>It was idle.</summary>
        ActivationIdle,
        /// <summary>Not used by the embedded host.</summary>
        ActivationUnresponsive,
        /// <summary>Not used by the embedded host.</summary>
        DuplicateActivation,
        /// <summary>Not used by the embedded host.</summary>
        IncompatibleRequest,
        /// <summary>Something in it failed, as a write of its state.</summary>
        ApplicationError,
        /// <summary>It asked for it.</summary>
        ApplicationRequested,
        /// <summary>Not used by the embedded host.</summary>
        Migrating,
        /// <summary>Not used by the embedded host.</summary>
        RuntimeRequested,
        /// <summary>There were more activations than the host may hold.</summary>
        HighMemoryPressure,
    }

    /// <summary>Why an activation ends, with a text for people.</summary>
    public readonly struct DeactivationReason
    {
        /// <summary>A reason.</summary>
        public DeactivationReason(DeactivationReasonCode code, string text)
        {
            ReasonCode = code;
            Description = text;
        }

        /// <summary>A reason with its cause.</summary>
        public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text) : this(code, text) => Exception = exception;

        /// <summary>The code.</summary>
        public DeactivationReasonCode ReasonCode { get; }

        /// <summary>The text.</summary>
        public string Description { get; }

        /// <summary>The cause, where there is one.</summary>
        public Exception? Exception { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{ReasonCode}: {Description}";
    }
}
