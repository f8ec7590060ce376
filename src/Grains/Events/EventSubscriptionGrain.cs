using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;

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
}

/// <inheritdoc/>
[GrainType("event-subscription")]
internal sealed class EventSubscriptionGrain : Grain, IEventSubscriptionGrain, IRemindable
{
    private const string Reminder = "deliveries";

    // It only has to find this grain again after the host was down; then it is due at once.
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(5);

    private readonly IPersistentState<EventSubscriptionState> _state;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;

    public EventSubscriptionGrain(
        [PersistentState("subscription", GrainStorage.Name)] IPersistentState<EventSubscriptionState> state, OutboxServices services, TimeProvider time)
    {
        _state = state;
        _time = time;
        _outbox = new Outbox(this, () => _state.State.Outbox, () => _state.WriteStateAsync(), DeliveredAsync, services);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task PutAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        // Due now, so that it is overdue at every later start: a young subscription must not wait for its first period.
        await this.RegisterOrUpdateReminder(Reminder, TimeSpan.Zero, ReminderPeriod);
        _state.State.Record = record;
        await _outbox.WriteAsync();
    }

    /// <inheritdoc/>
    public Task<SubscriptionRecord?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(_state.State.Record);

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        _outbox.Stop();
        await _outbox.AloneAsync(() =>
        {
            _state.State = new EventSubscriptionState();
            return _state.ClearStateAsync();
        });
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task<bool> EnqueueAsync(EventOccurrence occurrence, CancellationToken cancellationToken)
    {
        if (_state.State.Record is not { } record)
            return false;
        if (!IsFor(record.Subscriber, occurrence) || HasEnded(record.Subscription))
            return true;
        var notification = EventRules.ToNotification(this.GetPrimaryKeyString(), record.Subscription, occurrence);
        var entry = new OutboxEntry
        {
            Id = occurrence.EventId,
            Destination = record.Subscription.NotificationDestination,
            Body = WireJson.SerializeToUtf8Bytes(notification),
            EnqueuedAt = _time.GetUtcNow(),
            Acknowledges = IsAcknowledged(record.Subscriber, occurrence) ? [.. occurrence.ApiInvokerIds] : [],
        };
        _state.State.Reported++;
        var isNew = false;
        try
        {
            isNew = await _outbox.EnqueueAsync(entry);
        }
        finally
        {
            if (!isNew)
                _state.State.Reported--;
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_state.State.Record is null)
            await RemoveAsync(CancellationToken.None);
        else
            _outbox.Start();
    }

    // An API invoker hears only of itself; a provider's function hears of invocations in its own domain only (23.222 AR-4.3.3-c), an AEF of
    // the policies that it has to hold only.
    private static bool IsFor(CallerIdentity subscriber, EventOccurrence occurrence) =>
        (occurrence.Event is not (CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable)
            || occurrence.AefIds.Contains(subscriber.Id)) &&
        (occurrence.ApiProvDomId is null || occurrence.ApiProvDomId == subscriber.ApiProvDomId)
        && (subscriber.Role != CallerRole.ApiInvoker || occurrence.ApiInvokerIds.IsEmpty || occurrence.ApiInvokerIds.Contains(subscriber.Id));

    /// <summary>29.222 5.4.2.2.2: one report only, so many, or until a time.</summary>
    private bool HasEnded(EventSubscription subscription) => subscription.EventReq is { } reporting
        && ((reporting.NotifMethod == NotificationMethod.OneTime && _state.State.Reported >= 1)
            || _state.State.Reported >= (reporting.MaxReportNbr ?? int.MaxValue)
            || reporting.MonDur?.Instant <= _time.GetUtcNow());

    // 33.122 6.8 step 10: an AEF's answer to the notification is its acknowledgement.
    private static bool IsAcknowledged(CallerIdentity subscriber, EventOccurrence occurrence) =>
        subscriber.Role == CallerRole.Aef && occurrence.Event == CapifEvent.ApiInvokerOffboarded;

    private async Task DeliveredAsync(OutboxEntry entry)
    {
        if (_state.State.Record is not { } record)
            return;
        foreach (var apiInvokerId in entry.Acknowledges)
            await GrainFactory.GetGrain<IAefGrain>(record.Subscriber.Id).AcknowledgeAsync(apiInvokerId, entry.Id, CancellationToken.None);
    }
}
