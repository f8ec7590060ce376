using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;
using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
[GrainType("peer-notice")]
internal sealed class PeerNoticeGrain : Grain, IPeerNoticeGrain, IRemindable
{
    private const string Reminder = "deliveries";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // A revocation is worth telling whenever the peer is back; what a peer may still use ends by its validity before.
    private static readonly NotificationOptions Patience = new()
    {
        GiveUpAfter = TimeSpan.FromDays(366),
        MaxWaiting = 100_000,
        MaxRetryDelay = TimeSpan.FromSeconds(15),
    };

    private readonly IPersistentState<OutboxState> _state;
    private readonly InterconnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;

    public PeerNoticeGrain(
        [PersistentState("notices", GrainStorage.Name)] IPersistentState<OutboxState> state, IPeerClient client, InterconnectionOptions options,
        OutboxMeter meter, SecretBox secrets, TimeProvider time, ILogger<Outbox> logger)
    {
        _state = state;
        _options = options;
        _time = time;
        var sender = new PeerNoticeSender(client, () => GrainFactory.GetGrain<IInterconnectedCcfGrain>(this.GetPrimaryKeyString()), logger);
        _outbox = new Outbox(
            this, () => _state.State, () => _state.WriteStateAsync(), _ => Task.CompletedTask,
            new OutboxServices(sender, GrainFactory, Patience, meter, secrets, time, logger));
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task EnqueueAsync(string noticeId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await _outbox.EnqueueAsync(new OutboxEntry
        {
            Id = noticeId,
            Destination = PeerNoticeSender.Destination(apiInvokerId, isDelete: notification is null),
            Body = notification is null ? [] : WireJson.SerializeToUtf8Bytes(notification),
            EnqueuedAt = _time.GetUtcNow(),
        });
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(CancellationToken cancellationToken) => Task.FromResult(_state.State.Waiting.Count);

    /// <inheritdoc/>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        _outbox.Stop();
        await _outbox.AloneAsync(() =>
        {
            _state.State = new OutboxState();
            return _state.RecordExists ? _state.ClearStateAsync() : Task.CompletedTask;
        });
        await this.EndReminderAsync(Reminder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_state.State.Waiting.Count == 0)
            await this.EndReminderAsync(Reminder);
        else
            Start();
    }

    private void Start()
    {
        if (_options.CcfId is not null)
            _outbox.Start();
    }
}
