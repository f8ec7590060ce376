using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Events;

/// <inheritdoc/>
[GrainType("event-subscription")]
internal sealed partial class EventSubscriptionGrain : Grain, IEventSubscriptionGrain, IRemindable
{
    private const string Reminder = "deliveries";

    // It only has to find this grain again after the host was down; then it is due at once.
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(5);

    private readonly IPersistentState<EventSubscriptionState> _state;
    private readonly TimeProvider _time;
    private readonly CurrentState _current;
    private readonly CompatibilityProfile _profile;
    private readonly Outbox _outbox;

    public EventSubscriptionGrain(
        [PersistentState("subscription", GrainStorage.Name)] IPersistentState<EventSubscriptionState> state, OutboxServices services, CurrentState current,
        CompatibilityProfile profile, TimeProvider time)
    {
        _state = state;
        _time = time;
        _current = current;
        _profile = profile;
        _outbox = new Outbox(this, () => _state.State.Outbox, () => _state.WriteStateAsync(), DeliveredAsync, services);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox.Start();
        ScheduleReports();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task PutAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        // Due now, so that it is overdue at every later start: a young subscription must not wait for its first period.
        await this.RegisterOrUpdateReminder(Reminder, TimeSpan.Zero, ReminderPeriod);
        var (before, after) = (_state.State.Record?.Subscription, record.Subscription);
        if (NotificationFeature.ChannelOf(after.WebsockNotifConfig) is not null)
            await NotificationFeature.SwitchAsync(GrainFactory, record.Subscriber.Id, null, after.WebsockNotifConfig, cancellationToken);
        _state.State.Record = record with { TestLink = null, BeginsReporting = false };
        if (record.BeginsReporting)
            BeginReporting(after);
        if (record.TestLink is { } link && Test(after, link) is { } test)
            await _outbox.EnqueueAsync(test);
        else
            await _outbox.WriteAsync();
        await NotificationFeature.SwitchAsync(GrainFactory, record.Subscriber.Id, before?.WebsockNotifConfig, after.WebsockNotifConfig, cancellationToken);
        if (IsToBeReleased)
            await ReleaseAsync();
        ScheduleReports();
    }

    /// <inheritdoc/>
    public Task<SubscriptionRecord?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(_state.State.Record);

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        _outbox.Stop();
        _reporting?.Dispose();
        _reporting = null;
        await NotificationFeature.SwitchAsync(
            GrainFactory, "", _state.State.Record?.Subscription.WebsockNotifConfig, null, cancellationToken);
        await _outbox.AloneAsync(() =>
        {
            _state.State = new EventSubscriptionState();
            return _state.ClearStateAsync();
        });
        await this.EndReminderAsync(Reminder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task<bool> EnqueueAsync(EventOccurrence occurrence, CancellationToken cancellationToken)
    {
        if (_state.State.Record is not { } record)
            return false;
        if (!(_profile.TellsEverybodyOfEvents || IsFor(record.Subscriber, occurrence)) || HasEnded
            || !ReportingRules.IsSampled(this.GetPrimaryKeyString(), record.Subscription.EventReq, occurrence))
        {
            return true;
        }

        if (!await MayKnowAsync(record.Subscriber, occurrence, cancellationToken))
            return true;
        var notification = EventRules.ToNotification(this.GetPrimaryKeyString(), record.Subscription, occurrence, _profile);
        await ReportAsync(
            Entry(occurrence.EventId, notification, IsAcknowledged(record.Subscriber, occurrence) ? [.. occurrence.ApiInvokerIds] : []), mayBeHeld: true);
        return true;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_state.State.Record is null)
            await RemoveAsync(CancellationToken.None);
        else
            _outbox.Start();
        ScheduleReports();
    }

    /// <summary>An API invoker hears of the service APIs that the discovery policy lets it find, and of no others (33.122 6.3.1.2).</summary>
    private async Task<bool> MayKnowAsync(CallerIdentity subscriber, EventOccurrence occurrence, CancellationToken cancellationToken)
    {
        if (subscriber.Role != CallerRole.ApiInvoker)
            return true;
        foreach (var description in occurrence.Detail?.ServiceApiDescriptions ?? [])
        {
            if (!await GrainFactory.GetGrain<IDiscoveryGrain>(0).MayDiscoverAsync(subscriber.Id, description, cancellationToken))
                return false;
        }

        return true;
    }

    // An API invoker hears only of itself; a provider's function hears of invocations in its own domain only (23.222 AR-4.3.3-c), an AEF of
    // the policies that it has to hold, and of those that it hides, only.
    private static bool IsFor(CallerIdentity subscriber, EventOccurrence occurrence) =>
        (occurrence.Event is not (CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable
                or CapifEvent.ApiTopologyHidingCreated or CapifEvent.ApiTopologyHidingRevoked)
            || occurrence.AefIds.Contains(subscriber.Id)) &&
        (occurrence.ApiProvDomId is null || occurrence.ApiProvDomId == subscriber.ApiProvDomId)
        && (subscriber.Role != CallerRole.ApiInvoker || occurrence.ApiInvokerIds.IsEmpty || occurrence.ApiInvokerIds.Contains(subscriber.Id));

    // 33.122 6.8 step 10, 23.222 8.23: an AEF's answer to the notification is its acknowledgement.
    private static bool IsAcknowledged(CallerIdentity subscriber, EventOccurrence occurrence) =>
        subscriber.Role == CallerRole.Aef && occurrence.Event is CapifEvent.ApiInvokerOffboarded or CapifEvent.ApiInvokerAuthorizationRevoked;

    private async Task DeliveredAsync(OutboxEntry entry)
    {
        if (_state.State.Record is not { } record)
            return;
        foreach (var apiInvokerId in entry.Acknowledges)
            await GrainFactory.GetGrain<IAefGrain>(record.Subscriber.Id).AcknowledgeAsync(apiInvokerId, entry.Id, CancellationToken.None);
    }
}
