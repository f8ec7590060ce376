namespace CapifOrleans.AccessControl;

/// <summary>Why an invocation passes, or does not.</summary>
[GenerateSerializer, Alias("capif.AccessControlVerdict")]
public enum AccessControlVerdict
{
    /// <summary>It may go on, and is counted.</summary>
    Allowed,

    /// <summary>There is no policy of this API invoker for this service API: whoever is authorized has one.</summary>
    NoPolicy,

    /// <summary>It is not within a network slice of the policy.</summary>
    OutsideNetworkSlice,

    /// <summary>It is not within a time range of the policy.</summary>
    OutsideTimeRange,

    /// <summary>allowedTotalInvocations is used up (23.222 8.23.1: the AEF may revoke with cause OVERLIMIT_USAGE).</summary>
    TotalExceeded,

    /// <summary>allowedInvocationsPerSecond is used up for now.</summary>
    RateExceeded,
}

/// <summary>What is decided of one invocation (TS 23.222 8.17).</summary>
public readonly record struct AccessControlDecision
{
    /// <summary>The decision.</summary>
    public required AccessControlVerdict Verdict { get; init; }

    /// <summary>When it is worth to try again; null where waiting does not help, or nothing is to wait for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the invocation may go on.</summary>
    public bool IsAllowed => Verdict == AccessControlVerdict.Allowed;
}
