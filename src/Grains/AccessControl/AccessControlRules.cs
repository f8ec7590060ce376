using CapifOrleans.AccessControl;

namespace CapifOrleans.Grains.AccessControl;

/// <summary>What a policy must be to be set (29.222 8.6.4.2.3 and 8.6.4.2.4).</summary>
internal static class AccessControlRules
{
    private const int MostRanges = 64;
    private const int MostSlices = 64;

    /// <summary>Why a policy is refused; null when it is not.</summary>
    public static Refusal? Check(ApiInvokerPolicy policy) => policy switch
    {
        { AllowedTotalInvocations: < 0 } => Refusal.OfAttribute("allowedTotalInvocations", "must not be negative"),
        { AllowedInvocationsPerSecond: < 0 } => Refusal.OfAttribute("allowedInvocationsPerSecond", "must not be negative"),
        { NetSliceInfo: { } slices } when slices.Length is 0 or > MostSlices => Refusal.OfAttribute("netSliceInfo", $"must have 1 to {MostSlices} slices"),
        { AllowedInvocationTimeRangeList: { } ranges } => CheckRanges(ranges),
        _ => null,
    };

    private static Refusal? CheckRanges(ImmutableArray<TimeRange> ranges)
    {
        const string Name = "allowedInvocationTimeRangeList";
        if (ranges.Length is 0 or > MostRanges)
            return Refusal.OfAttribute(Name, $"must have 1 to {MostRanges} time ranges");
        for (var index = 0; index < ranges.Length; index++)
        {
            if (ranges[index] is not { StartTime: { } start, StopTime: { } stop })
                return Refusal.OfAttribute($"{Name}[{index}]", "must have startTime and stopTime");
            if (stop.Instant <= start.Instant)
                return Refusal.OfAttribute($"{Name}[{index}].stopTime", "must be later than startTime");
        }

        return null;
    }
}
