using System.Collections.Concurrent;

namespace CapifOrleans.AccessControl;

/// <summary>
/// Decides at an AEF whether an invocation is within its API invoker's policy (TS 23.222 8.17, TS 29.222 8.6.4.2.3), and counts it if so. It
/// calls nobody and knows no HTTP; any thread may ask. Who asks has authenticated and authorized the API invoker before.
/// </summary>
/// <param name="time">The clock: the time of day for time ranges, its timestamps for the rate.</param>
public sealed class AccessControlEnforcement(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string ApiId, string ApiInvokerId), InvocationUsage> _usage = new();

    /// <summary>
    /// Decides one invocation; one that is allowed is counted, one that is refused is not. The order is: slice, time range, total, rate.
    /// </summary>
    /// <param name="apiId">The service API.</param>
    /// <param name="policy">The API invoker's policy there; null where there is none, which refuses.</param>
    /// <param name="slice">The slice within which the invocation came; null where it is not known.</param>
    public AccessControlDecision Decide(string apiId, ApiInvokerPolicy? policy, NetSliceId? slice = null)
    {
        if (policy is null)
            return new AccessControlDecision { Verdict = AccessControlVerdict.NoPolicy };
        if (policy.NetSliceInfo is { } slices && !Holds(slices, slice))
            return new AccessControlDecision { Verdict = AccessControlVerdict.OutsideNetworkSlice };
        if (policy.AllowedInvocationTimeRangeList is { } ranges && CheckTime(ranges, time.GetUtcNow()) is { } outside)
            return outside;
        var usage = _usage.GetOrAdd((apiId, policy.ApiInvokerId), static _ => new InvocationUsage());
        var (verdict, wait) = usage.TryTake(
            policy.AllowedTotalInvocations, policy.AllowedInvocationsPerSecond, time.GetTimestamp(), time.TimestampFrequency);
        return new AccessControlDecision
        {
            Verdict = verdict,
            RetryAfter = wait > 0 ? TimeSpan.FromTicks((long)Math.Ceiling((double)wait * TimeSpan.TicksPerSecond / time.TimestampFrequency)) : null,
        };
    }

    /// <summary>How many invocations were let through since the policy began.</summary>
    public long Used(string apiId, string apiInvokerId) => _usage.TryGetValue((apiId, apiInvokerId), out var usage) ? usage.Total : 0;

    /// <summary>Sets how many were let through before a restart, so that a total is not granted again.</summary>
    public void Restore(string apiId, string apiInvokerId, long used) =>
        _usage.GetOrAdd((apiId, apiInvokerId), static _ => new InvocationUsage()).Restore(used);

    /// <summary>The policy is gone (ACCESS_CONTROL_POLICY_UNAVAILABLE): a later one begins to count anew.</summary>
    public void Forget(string apiId, string apiInvokerId) => _usage.TryRemove((apiId, apiInvokerId), out _);

    // An unknown slice is within none: only who negotiated CAPIF_Ext1, and so can tell slices apart, gets a policy with slices.
    private static bool Holds(ImmutableArray<NetSliceId> slices, NetSliceId? slice)
    {
        foreach (var one in slices)
        {
            if (one.IsSame(slice))
                return true;
        }

        return false;
    }

    /// <summary>Null within a range: from startTime on, until just before stopTime; an end that is absent is open.</summary>
    private static AccessControlDecision? CheckTime(ImmutableArray<TimeRange> ranges, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var range in ranges)
        {
            var start = range.StartTime?.Instant ?? DateTimeOffset.MinValue;
            var stop = range.StopTime?.Instant ?? DateTimeOffset.MaxValue;
            if (now >= start && now < stop)
                return null;
            if (start > now && stop > start && !(next <= start))
                next = start;
        }

        return new AccessControlDecision { Verdict = AccessControlVerdict.OutsideTimeRange, RetryAfter = next - now };
    }
}
