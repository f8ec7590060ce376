using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// Durable reminders: in SQLite, and in memory in the order in which they are due, so that nothing is polled. Ticks keep their phase: start,
/// start + period, and so on. At the start of the host every reminder whose first tick has passed comes at once, since nobody knows which
/// tick was delivered last; a few at a time, so that many of them do not keep the host from its other work. One whose delivery fails comes
/// again with its next period.
/// </summary>
internal sealed partial class ReminderService(
    SqliteDatabase database, GrainCatalog catalog, EmbeddedGrainHostOptions options, TimeProvider time, ILogger<ReminderService> logger) : IDisposable
{
    private const int MaxDeliveries = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<GrainId, List<Reminder>> _reminders = [];
    private readonly PriorityQueue<Reminder, long> _due = new();
    private readonly Queue<Reminder> _waiting = new();
    private int _count;
    private int _deliveries;
    private ITimer? _timer;

    /// <summary>Loads all and begins to deliver.</summary>
    public void Start()
    {
        var stored = database.Read(session => session.Query(
            "SELECT grain_type, grain_key, name, start_at, period FROM reminders",
            static row => new Reminder(new GrainId(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetInt64(4))));
        lock (_lock)
        {
            foreach (var reminder in stored)
                Add(reminder);
            _timer = time.CreateTimer(static service => ((ReminderService)service!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Arm();
        }
    }

    /// <summary>Registers or replaces one; durable when it returns.</summary>
    public async Task<IGrainReminder> RegisterAsync(GrainId grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        if (period < options.MinimumReminderPeriod)
            throw new ArgumentException($"The reminder {name} has a period of {period}; the least is {options.MinimumReminderPeriod}.", nameof(period));
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        var reminder = new Reminder(grain, name, (time.GetUtcNow() + dueTime).UtcTicks, period.Ticks);
        await database.WriteOneAsync(session => session.Execute(
            "INSERT OR REPLACE INTO reminders VALUES($0,$1,$2,$3,$4)", grain.Type, grain.Key, name, reminder.StartAt, reminder.Period));
        lock (_lock)
        {
            Take(grain, name);
            Add(reminder);
            Arm();
        }

        return reminder;
    }

    /// <summary>Ends one; durable when it returns.</summary>
    public async Task UnregisterAsync(GrainId grain, string name)
    {
        await database.WriteOneAsync(session => session.Execute(
            "DELETE FROM reminders WHERE grain_type=$0 AND grain_key=$1 AND name=$2", grain.Type, grain.Key, name));
        lock (_lock)
            Take(grain, name);
    }

    /// <summary>The reminder of that name; null when there is none.</summary>
    public IGrainReminder? Find(GrainId grain, string name)
    {
        lock (_lock)
            return _reminders.GetValueOrDefault(grain)?.Find(one => one.ReminderName == name);
    }

    /// <summary>All reminders of that grain.</summary>
    public List<IGrainReminder> Of(GrainId grain)
    {
        lock (_lock)
            return [.. _reminders.GetValueOrDefault(grain) ?? []];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            _waiting.Clear();
        }
    }

    private void Add(Reminder reminder)
    {
        if (!_reminders.TryGetValue(reminder.Grain, out var ofGrain))
            _reminders.Add(reminder.Grain, ofGrain = new List<Reminder>(1));
        ofGrain.Add(reminder);
        _count++;
        _due.Enqueue(reminder, reminder.StartAt);
    }

    private void Take(GrainId grain, string name)
    {
        if (!_reminders.TryGetValue(grain, out var ofGrain) || ofGrain.Find(one => one.ReminderName == name) is not { } reminder)
            return;
        reminder.IsEnded = true;
        ofGrain.Remove(reminder);
        _count--;
        if (ofGrain.Count == 0)
            _reminders.Remove(grain);
        // What has ended stays in the queue until it would be due; not forever, where grains register again and again.
        if (_due.Count > (2 * _count) + 1024)
            Rebuild();
    }

    private void Rebuild()
    {
        var live = _due.UnorderedItems.Where(one => !one.Element.IsEnded).ToArray();
        _due.Clear();
        _due.EnqueueRange(live);
    }

    private void Arm()
    {
        if (_timer is null || !_due.TryPeek(out _, out var next))
            return;
        // A timer takes no more than some weeks; looking once too often harms nobody.
        var wait = Math.Clamp(next - time.GetUtcNow().UtcTicks, 0, TimeSpan.TicksPerDay);
        _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow().UtcTicks;
            while (_due.TryPeek(out var reminder, out var at) && at <= now)
            {
                _due.Dequeue();
                if (reminder.IsEnded)
                    continue;
                _due.Enqueue(reminder, reminder.NextAfter(now));
                // Where the last delivery is still on its way, another would only wait behind it.
                if (reminder.IsOnItsWay)
                    continue;
                reminder.IsOnItsWay = true;
                _waiting.Enqueue(reminder);
            }

            Arm();
        }

        DeliverWaiting();
    }

    private void DeliverWaiting()
    {
        while (true)
        {
            Reminder? reminder;
            lock (_lock)
            {
                if (_deliveries >= MaxDeliveries || !_waiting.TryDequeue(out reminder))
                    return;
                _deliveries++;
            }

            _ = DeliverAsync(reminder);
        }
    }

    private async Task DeliverAsync(Reminder reminder)
    {
        Exception? failure = null;
        try
        {
            if (!reminder.IsEnded)
                await CallAsync(reminder);
        }
#pragma warning disable CA1031 // A reminder that fails comes again; the others go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failure = fault;
        }

        lock (_lock)
        {
            reminder.IsOnItsWay = false;
            _deliveries--;
        }

        // Told only now: who reads it may rely on the next tick not being taken for one that comes too early.
        if (failure is null)
            Delivered(reminder.ReminderName, reminder.Grain);
        else
            Failed(reminder.ReminderName, reminder.Grain, failure);
        // On the pool: a long row of reminders must not become a deep stack.
        ThreadPool.UnsafeQueueUserWorkItem(static service => service.DeliverWaiting(), this, preferLocal: false);
    }

    private Task CallAsync(Reminder reminder)
    {
        var status = new TickStatus(
            new DateTime(reminder.StartAt, DateTimeKind.Utc), TimeSpan.FromTicks(reminder.Period), time.GetUtcNow().UtcDateTime);
        var request = new HostRequest(grain => ((IRemindable)grain).ReceiveReminder(reminder.ReminderName, status)) { Method = GrainMethod.Reminder };
        catalog.Dispatch(catalog.Classes.Named(reminder.Grain.Type), reminder.Grain.Key, request);
        catalog.Watch(request);
        return request.Answer();
    }

    [LoggerMessage(1, LogLevel.Warning, "The reminder {Reminder} of {Grain} failed; it comes again")]
    private partial void Failed(string reminder, GrainId grain, Exception fault);

    [LoggerMessage(2, LogLevel.Debug, "The reminder {Reminder} of {Grain} was delivered")]
    private partial void Delivered(string reminder, GrainId grain);

    private sealed class Reminder(GrainId grain, string name, long startAt, long period) : IGrainReminder
    {
        public GrainId Grain { get; } = grain;

        public string ReminderName { get; } = name;

        public long StartAt { get; } = startAt;

        public long Period { get; } = period;

        public bool IsEnded { get; set; }

        public bool IsOnItsWay { get; set; }

        public long NextAfter(long now) => StartAt + (((now - StartAt) / Period) + 1) * Period;
    }
}
