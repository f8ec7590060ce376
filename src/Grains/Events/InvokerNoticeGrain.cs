using System.Runtime.InteropServices;
using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Events;

/// <inheritdoc/>
[GrainType("invoker-notice")]
internal sealed class InvokerNoticeGrain : Grain, IInvokerNoticeGrain, IRemindable
{
    private const string Reminder = "deliveries";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(5);
    private readonly IPersistentState<OutboxState> _state;
    private readonly OutboxServices _services;
    private readonly Outbox _outbox;

    public InvokerNoticeGrain([PersistentState("notices", GrainStorage.Name)] IPersistentState<OutboxState> state, OutboxServices services)
    {
        _state = state;
        _services = services;
        _outbox = new Outbox(this, () => _state.State, () => _state.WriteStateAsync(), _ => Task.CompletedTask, services);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task EnqueueAsync(InvokerNotice notice, CancellationToken cancellationToken)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        var json = ImmutableCollectionsMarshal.AsArray(notice.Json)!;
        await _outbox.EnqueueAsync(new OutboxEntry
        {
            Id = notice.NoticeId,
            Destination = notice.Destination,
            Channel = notice.Channel,
            Body = notice.IsSecret ? [] : json,
            SealedBody = notice.IsSecret ? _services.Secrets.Seal(json, OutboxEntry.Place(notice.NoticeId)) : null,
            EnqueuedAt = _services.Time.GetUtcNow(),
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
        await this.EndReminderAsync(Reminder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_state.State.Waiting.Count == 0)
            await this.EndReminderAsync(Reminder);
        else
            _outbox.Start();
    }
}
