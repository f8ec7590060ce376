using CapifOrleans.AccessControl;
using CapifOrleans.Json;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Interfaces.Tests.AccessControl;

/// <summary>What an AEF lets through (23.222 8.17; 29.222 8.6.4.2.3).</summary>
public sealed class AccessControlEnforcementTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly AccessControlEnforcement _enforcement;

    public AccessControlEnforcementTests() => _enforcement = new AccessControlEnforcement(_time);

    [Fact]
    public void PolicyWithoutBounds_LetsEverythingThrough_AndNoPolicyNothing()
    {
        for (var index = 0; index < 1000; index++)
            Assert.True(Decide(new ApiInvokerPolicy { ApiInvokerId = "a" }).IsAllowed);
        Assert.Equal(1000, _enforcement.Used("api", "a"));
        Assert.Equal(AccessControlVerdict.NoPolicy, Decide(null).Verdict);
    }

    [Fact]
    public void Total_IsForThatInvokerAndThatApi_AndEndsForGood()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", AllowedTotalInvocations = 2 };

        Assert.True(Decide(policy).IsAllowed);
        Assert.True(Decide(policy).IsAllowed);
        Assert.Equal(new AccessControlDecision { Verdict = AccessControlVerdict.TotalExceeded }, Decide(policy));
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(AccessControlVerdict.TotalExceeded, Decide(policy).Verdict);
        Assert.True(Decide(policy with { ApiInvokerId = "b" }).IsAllowed);
        Assert.True(_enforcement.Decide("other api", policy).IsAllowed);
        // More was granted: what was used counts.
        Assert.True(Decide(policy with { AllowedTotalInvocations = 3 }).IsAllowed);
        Assert.Equal(AccessControlVerdict.TotalExceeded, Decide(policy with { AllowedTotalInvocations = 3 }).Verdict);
    }

    [Fact]
    public void Total_OutlivesARestartByItsCount_AndNotThePolicyItself()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", AllowedTotalInvocations = 5 };
        _enforcement.Restore("api", "a", 5);
        Assert.Equal(AccessControlVerdict.TotalExceeded, Decide(policy).Verdict);

        _enforcement.Forget("api", "a");

        Assert.True(Decide(policy).IsAllowed);
    }

    [Fact]
    public void Rate_HoldsInEverySecond_WhereverItBegins()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", AllowedInvocationsPerSecond = 10 };
        var passed = new List<long>();
        var random = new Random(7);

        for (var index = 0; index < 5000; index++)
        {
            if (Decide(policy).IsAllowed)
                passed.Add(_time.GetTimestamp());
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 60)));
        }

        Assert.True(passed.Count > 500, $"{passed.Count}");
        for (var index = 10; index < passed.Count; index++)
            Assert.True(passed[index] - passed[index - 10] >= _time.TimestampFrequency, "eleven within a second");
    }

    [Fact]
    public void Rate_SaysWhenTheNextMayPass_AndItDoes()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", AllowedInvocationsPerSecond = 1 };
        Assert.True(Decide(policy).IsAllowed);
        _time.Advance(TimeSpan.FromMilliseconds(300));

        var refused = Decide(policy);

        Assert.Equal(AccessControlVerdict.RateExceeded, refused.Verdict);
        Assert.Equal(TimeSpan.FromMilliseconds(700), refused.RetryAfter);
        _time.Advance(refused.RetryAfter!.Value - TimeSpan.FromTicks(1));
        Assert.False(Decide(policy).IsAllowed);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(Decide(policy).IsAllowed);
        Assert.Equal(2, _enforcement.Used("api", "a"));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(null, 0)]
    public void BoundOfNone_LetsNothingThrough(int? total, int? perSecond)
    {
        var decision = Decide(new ApiInvokerPolicy { ApiInvokerId = "a", AllowedTotalInvocations = total, AllowedInvocationsPerSecond = perSecond });
        Assert.False(decision.IsAllowed);
        Assert.Null(decision.RetryAfter);
    }

    [Fact]
    public void TimeRange_IsFromItsStartToJustBeforeItsStop()
    {
        var now = _time.GetUtcNow();
        var policy = new ApiInvokerPolicy
        {
            ApiInvokerId = "a",
            AllowedInvocationTimeRangeList = [Range(now.AddHours(5), now.AddHours(6)), Range(now.AddHours(1), now.AddHours(2))],
        };

        Assert.Equal(new AccessControlDecision { Verdict = AccessControlVerdict.OutsideTimeRange, RetryAfter = TimeSpan.FromHours(1) }, Decide(policy));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(Decide(policy).IsAllowed);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(3), Decide(policy).RetryAfter);
        _time.Advance(TimeSpan.FromHours(4));
        Assert.Equal(new AccessControlDecision { Verdict = AccessControlVerdict.OutsideTimeRange }, Decide(policy));
        Assert.Equal(1, _enforcement.Used("api", "a"));
    }

    [Fact]
    public void TimeRange_WithoutAnEndIsOpenThere_AndNoRangesAtAllIsNever()
    {
        var now = _time.GetUtcNow();
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a" };

        Assert.True(Decide(policy with { AllowedInvocationTimeRangeList = [new TimeRange { StartTime = WireDateTime.Of(now) }] }).IsAllowed);
        Assert.True(Decide(policy with { AllowedInvocationTimeRangeList = [new TimeRange { StopTime = WireDateTime.Of(now.AddSeconds(1)) }] }).IsAllowed);
        Assert.Equal(AccessControlVerdict.OutsideTimeRange, Decide(policy with { AllowedInvocationTimeRangeList = [] }).Verdict);
    }

    [Fact]
    public void Slice_MustBeOneOfThePolicy()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", NetSliceInfo = [Slice(1, "00ab01"), new NetSliceId { Ensi = "e" }] };

        Assert.True(_enforcement.Decide("api", policy, Slice(1, "00AB01")).IsAllowed);
        Assert.True(_enforcement.Decide("api", policy, new NetSliceId { Ensi = "e" }).IsAllowed);
        Assert.Equal(AccessControlVerdict.OutsideNetworkSlice, _enforcement.Decide("api", policy, Slice(1, null)).Verdict);
        Assert.Equal(AccessControlVerdict.OutsideNetworkSlice, _enforcement.Decide("api", policy, Slice(2, "00ab01")).Verdict);
        Assert.Equal(AccessControlVerdict.OutsideNetworkSlice, Decide(policy).Verdict);
    }

    [Fact]
    public void ManyThreads_GetExactlyTheTotal()
    {
        var policy = new ApiInvokerPolicy { ApiInvokerId = "a", AllowedTotalInvocations = 1000 };
        var allowed = 0;

        Parallel.For(0, 5000, _ =>
        {
            if (Decide(policy).IsAllowed)
                Interlocked.Increment(ref allowed);
        });

        Assert.Equal(1000, allowed);
    }

    private static NetSliceId Slice(int sst, string? sd) => new() { Snssai = new Snssai { Sst = sst, Sd = sd } };

    private static TimeRange Range(DateTimeOffset start, DateTimeOffset stop) => new() { StartTime = WireDateTime.Of(start), StopTime = WireDateTime.Of(stop) };

    private AccessControlDecision Decide(ApiInvokerPolicy? policy) => _enforcement.Decide("api", policy);
}
