using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// Durable reminders: in SQLite, and in memory in the order in which they are due, so that nothing is polled. One that was due while the
/// host was down is delivered at its start. A reminder whose delivery fails comes again with its next period.
/// </summary>
internal sealed partial class ReminderService(
    SqliteDatabase database, GrainCatalog catalog, EmbeddedGrainHostOptions options, TimeProvider time, ILogger<ReminderService> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId Grain, string Name), Reminder> _reminders = [];
    private readonly PriorityQueue<Reminder, long> _due = new();
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
            _timer = time.CreateTimer(_ => Deliver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Arm();
        }
    }

    /// <summary>Registers or replaces one; durable when it returns.</summary>
    public async Task<IGrainReminder> RegisterAsync(GrainId grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, options.MinimumReminderPeriod);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        var reminder = new Reminder(grain, name, (time.GetUtcNow() + dueTime).UtcTicks, period.Ticks);
        await database.WriteAsync(session => session.Execute(
            "INSERT OR REPLACE INTO reminders VALUES($0,$1,$2,$3,$4)", grain.Type, grain.Key, name, reminder.StartAt, reminder.Period));
        lock (_lock)
        {
            Add(reminder);
            Arm();
        }

        return reminder;
    }

    /// <summary>Ends one; durable when it returns.</summary>
    public async Task UnregisterAsync(GrainId grain, string name)
    {
        await database.WriteAsync(session => session.Execute(
            "DELETE FROM reminders WHERE grain_type=$0 AND grain_key=$1 AND name=$2", grain.Type, grain.Key, name));
        lock (_lock)
            _reminders.Remove((grain, name));
    }

    /// <summary>The reminder of that name; null when there is none.</summary>
    public IGrainReminder? Find(GrainId grain, string name)
    {
        lock (_lock)
            return _reminders.GetValueOrDefault((grain, name));
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Add(Reminder reminder)
    {
        _reminders[(reminder.Grain, reminder.Name)] = reminder;
        _due.Enqueue(reminder, reminder.NextAt(time.GetUtcNow().UtcTicks));
    }

    private void Arm()
    {
        if (_timer is null || !_due.TryPeek(out _, out var next))
            return;
        // A timer takes no more than some weeks; looking once too often harms nobody.
        var wait = Math.Clamp(next - time.GetUtcNow().UtcTicks, 0, TimeSpan.TicksPerDay);
        _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
    }

    private void Deliver()
    {
        var due = new List<Reminder>();
        lock (_lock)
        {
            var now = time.GetUtcNow().UtcTicks;
            while (_due.TryPeek(out var reminder, out var at) && at <= now)
            {
                _due.Dequeue();
                // One that was ended or replaced meanwhile stays out.
                if (_reminders.GetValueOrDefault((reminder.Grain, reminder.Name)) != reminder)
                    continue;
                due.Add(reminder);
                _due.Enqueue(reminder, now + reminder.Period);
            }

            Arm();
        }

        foreach (var reminder in due)
            _ = DeliverAsync(reminder);
    }

    private async Task DeliverAsync(Reminder reminder)
    {
        try
        {
            var status = new TickStatus(
                new DateTime(reminder.StartAt, DateTimeKind.Utc), TimeSpan.FromTicks(reminder.Period), time.GetUtcNow().UtcDateTime);
            var request = new GrainRequest<bool>(
                (grain, _) => ((IRemindable)grain).ReceiveReminder(reminder.Name, status), []) { Name = "reminder" };
            catalog.Dispatch(reminder.Grain, catalog.ClassOf(reminder.Grain.Type), request);
            await request.Task;
        }
#pragma warning disable CA1031 // A reminder that fails comes again; the others go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(reminder.Name, reminder.Grain, fault);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The reminder {Reminder} of {Grain} failed; it comes again")]
    private partial void Failed(string reminder, GrainId grain, Exception fault);

    private sealed record Reminder(GrainId Grain, string Name, long StartAt, long Period) : IGrainReminder
    {
        public string ReminderName => Name;

        // What was missed is delivered once, now.
        public long NextAt(long now) => StartAt > now ? StartAt : now;
    }
}
