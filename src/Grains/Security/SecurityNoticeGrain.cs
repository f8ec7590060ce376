using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <inheritdoc/>
[GrainType("security-notice")]
internal sealed class SecurityNoticeGrain : Grain, ISecurityNoticeGrain, IRemindable
{
    private const string Reminder = "deliveries";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(5);
    private readonly IPersistentState<OutboxState> _state;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;

    public SecurityNoticeGrain(
        [PersistentState("notices", GrainStorage.Name)] IPersistentState<OutboxState> state, OutboxServices services, TimeProvider time)
    {
        _state = state;
        _time = time;
        _outbox = new Outbox(this, () => _state.State, () => _state.WriteStateAsync(), _ => Task.CompletedTask, services);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task EnqueueAsync(string noticeId, string destination, SecurityNotification notice, CancellationToken cancellationToken)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await _outbox.EnqueueAsync(new OutboxEntry
        {
            Id = noticeId,
            Destination = destination,
            Body = WireJson.SerializeToUtf8Bytes(notice),
            EnqueuedAt = _time.GetUtcNow(),
        });
    }

    /// <inheritdoc/>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        _outbox.Stop();
        await _outbox.AloneAsync(() =>
        {
            _state.State = new OutboxState();
            return _state.RecordExists ? _state.ClearStateAsync() : Task.CompletedTask;
        });
        await EndReminderAsync();
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_state.State.Waiting.Count == 0)
            await EndReminderAsync();
        else
            _outbox.Start();
    }

    private async Task EndReminderAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }
}
