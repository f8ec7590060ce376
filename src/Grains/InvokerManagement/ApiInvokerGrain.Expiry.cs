using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Expiry of an onboarding (feature ExpirationTime, 29.222 8.4.4.2.2, 23.222 8.1.2.2): at expTime the invoker is offboarded as 33.122 6.8 describes.</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string ExpiryReminder = "expiry";
    private const string ExpTimeAttribute = "expTime";
    private static readonly TimeSpan ExpiryRetry = TimeSpan.FromMinutes(1);

    // Timers below a reminder count milliseconds in 32 bits: a far expiry is looked at again before that.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <summary>Whether the time that the onboarding was given has passed: from then on nobody takes the invoker for one.</summary>
    private bool IsExpired => _state.State.Profile?.ExpTime is { } expTime && expTime.Instant <= _time.GetUtcNow();

    /// <summary>The expiry as it is kept: none without the feature, since one that is answered and never comes would be a lie.</summary>
    private static WireDateTime? Negotiated(ApiInvokerEnrolmentDetails details) =>
        details.SupportedFeatures?.Has(ExpirationTime) == true ? details.ExpTime : null;

    private Refusal? WrongExpiry(WireDateTime? expTime) => expTime is { } wanted && wanted.Instant <= _time.GetUtcNow()
        ? Refusal.OfAttribute(ExpTimeAttribute, "is not in the future", cause: "OPTIONAL_IE_INCORRECT")
        : null;

    /// <summary>Before the write that the expiry goes with: a reminder without it ends by itself, an expiry without reminder would never come.</summary>
    private async Task RemindOfExpiryAsync(WireDateTime? expTime)
    {
        if (expTime is not { } wanted)
            return;
        var left = wanted.Instant - _time.GetUtcNow();
        await this.RegisterOrUpdateReminder(ExpiryReminder, Clamp(left), ExpiryRetry);
    }

    private async Task ExpireAsync()
    {
        if (IsExpired)
        {
            Expired(ApiInvokerId, _state.State.Profile!.ExpTime!.Value.Text);
            await OffboardAsync(CancellationToken.None);
        }
        else if (_state.State.Profile?.ExpTime is { } later)
        {
            // It was put off, or is further away than one reminder waits.
            await RemindOfExpiryAsync(later);
            return;
        }

        await this.EndReminderAsync(ExpiryReminder);
    }

    private static TimeSpan Clamp(TimeSpan left) => left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestWait ? LongestWait : left;

    [LoggerMessage(2, LogLevel.Information, "API invoker {ApiInvokerId} expired at {ExpTime}; it is offboarded")]
    private partial void Expired(string apiInvokerId, string expTime);
}
