using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using CapifOrleans.Events;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Events;

/// <summary>A notification that waits for its delivery.</summary>
internal sealed class OutboxEntry
{
    /// <summary>Its identifier: what comes twice is sent once.</summary>
    public required string Id { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Destination { get; init; }

    /// <summary>The websocket channel that it goes over in place of <see cref="Destination"/>; null where it is posted.</summary>
    public string? Channel { get; init; }

    /// <summary>The JSON; empty where it is sealed.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The JSON of a notification that holds a secret, sealed for <see cref="Place"/>.</summary>
    public string? SealedBody { get; init; }

    /// <summary>When it was put here.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>The API invokers of whose offboarding (33.122 6.8 step 10) or revocation a delivery is the AEF's acknowledgement.</summary>
    public List<string> Acknowledges { get; init; } = [];

    /// <summary>Where the sealed JSON of this entry lies.</summary>
    public static string Place(string id) => "notification/" + id;
}

/// <summary>An outbox as its grain stores it.</summary>
internal sealed class OutboxState
{
    /// <summary>What waits, the oldest first.</summary>
    public List<OutboxEntry> Waiting { get; set; } = [];

    /// <summary>The identifiers of what came lately.</summary>
    public List<string> Seen { get; set; } = [];
}

/// <summary>Counts deliveries.</summary>
internal sealed class OutboxMeter
{
    private readonly Counter<long> _outcomes;

    public OutboxMeter(IMeterFactory meters) =>
        _outcomes = meters.Create("CapifOrleans.Events").CreateCounter<long>("capif.notifications", "{notification}", "Notifications by what became of them");

    /// <summary>One more that was delivered, retried or given up.</summary>
    public void Count(string outcome) => _outcomes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}

/// <summary>
/// Delivers the entries of one grain in order, each at least once. Sending runs in a timer that interleaves with the grain's calls, so that a
/// destination that hangs holds up nothing but its own entries; writes of the grain's state go through one gate here.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The gate never has a wait handle.")]
internal sealed partial class Outbox(
    Grain grain, Func<OutboxState> state, Func<Task> write, Func<OutboxEntry, Task> delivered, OutboxServices services)
{
    private const int SeenBound = 256;

    // Removals are written for so many deliveries together: after a crash at most so many are sent again.
    private const int DeliveriesAWrite = 16;
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _writing = new(1);
    private IGrainTimer? _timer;
    private bool _pumping;

    /// <summary>Adds an entry and writes; false when it was here before.</summary>
    public async Task<bool> EnqueueAsync(OutboxEntry entry)
    {
        if (!await AddAsync(entry, state().Waiting))
            return false;
        Start();
        return true;
    }

    /// <summary>Adds an entry to a list that is kept back, and writes; false when it was here before.</summary>
    public Task<bool> HoldAsync(OutboxEntry entry, List<OutboxEntry> held) => AddAsync(entry, held);

    /// <summary>Lets out what was kept back, the oldest first, and writes.</summary>
    public async Task ReleaseAsync(List<OutboxEntry> held)
    {
        state().Waiting.AddRange(held);
        held.Clear();
        await WriteAsync();
        Start();
    }

    private async Task<bool> AddAsync(OutboxEntry entry, List<OutboxEntry> to)
    {
        var box = state();
        if (box.Seen.Contains(entry.Id))
            return false;
        box.Seen.Add(entry.Id);
        if (box.Seen.Count > SeenBound)
            box.Seen.RemoveRange(0, box.Seen.Count - SeenBound);
        to.Add(entry);
        if (box.Waiting.Count > services.Options.MaxWaiting)
            GiveUp(box, box.Waiting[_pumping ? 1 : 0], "too many wait");
        try
        {
            await WriteAsync();
        }
        catch
        {
            // It is not durable, so whoever published it must try again, and must not be taken for a duplicate then.
            box.Seen.Remove(entry.Id);
            to.Remove(entry);
            throw;
        }

        return true;
    }

    /// <summary>Begins to deliver, if anything waits and nothing is under way.</summary>
    public void Start()
    {
        if (!_pumping && state().Waiting.Count > 0)
            Schedule(TimeSpan.Zero);
    }

    /// <summary>
    /// Ends what is under way, since the outbox is removed: an activation that ends waits for its timers' callbacks, and whoever calls its
    /// grain meanwhile would wait for a destination that hangs.
    /// </summary>
    public void Stop()
    {
        _timer?.Dispose();
        _timer = null;
        _pumping = false;
    }

    /// <summary>Writes the grain's state; one write at a time, since calls and deliveries interleave.</summary>
    public Task WriteAsync() => AloneAsync(write);

    /// <summary>Changes what is stored while no delivery writes it.</summary>
    public async Task AloneAsync(Func<Task> change)
    {
        await _writing.WaitAsync();
        try
        {
            await change();
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Schedule(TimeSpan dueTime)
    {
        _pumping = true;
        _timer?.Dispose();
        _timer = grain.RegisterGrainTimer(PumpAsync, new GrainTimerCreationOptions(dueTime, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // A write or an acknowledgement failed. What waits must not stand still until the next activation because of it.
            Interrupted(services.Logger, fault);
            Schedule(services.Options.MaxRetryDelay < FaultDelay ? services.Options.MaxRetryDelay : FaultDelay);
            return;
        }

        if (cancellationToken.IsCancellationRequested)
            return;
        _pumping = false;
        // Something may have come during the last write.
        Start();
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var attempts = 0;
        var unwritten = 0;
        while (state().Waiting is [var entry, ..])
        {
            if (services.Time.GetUtcNow() - entry.EnqueuedAt > services.Options.GiveUpAfter)
            {
                GiveUp(state(), entry, "too old");
                unwritten++;
                continue;
            }

            if (Open(entry) is not { } body)
            {
                GiveUp(state(), entry, "sealed under another key");
                unwritten++;
                continue;
            }

            if (!await SendAsync(entry, body, cancellationToken))
            {
                services.Meter.Count("retried");
                await DelayAsync(entry, ++attempts, cancellationToken);
                if (cancellationToken.IsCancellationRequested)
                    return;
                continue;
            }

            attempts = 0;
            await delivered(entry);
            services.Meter.Count("delivered");
            // Gone where the whole outbox was removed meanwhile: then there is nothing to write either.
            if (!state().Waiting.Remove(entry))
                return;
            if (++unwritten >= DeliveriesAWrite || state().Waiting.Count == 0)
            {
                unwritten = 0;
                await WriteAsync();
            }
        }

        if (unwritten > 0)
            await WriteAsync();
    }

    private byte[]? Open(OutboxEntry entry) => entry.SealedBody is null ? entry.Body : services.Secrets.TryOpen(entry.SealedBody, OutboxEntry.Place(entry.Id));

    private Task<bool> SendAsync(OutboxEntry entry, byte[] body, CancellationToken cancellationToken) => entry.Channel is { } channel
        ? services.Grains.GetGrain<INotificationChannelGrain>(channel)
            .DeliverAsync(entry.Id, ImmutableCollectionsMarshal.AsImmutableArray(body), cancellationToken)
        : services.Sender.SendAsync(new Uri(entry.Destination), body, cancellationToken);

    private async Task DelayAsync(OutboxEntry entry, int attempts, CancellationToken cancellationToken)
    {
        // A channel waits by itself until somebody connects, so that what waits goes out then and not minutes later.
        var most = entry.Channel is null ? services.Options.MaxRetryDelay : TimeSpan.FromSeconds(1);
        var seconds = Math.Min(Math.Pow(2, Math.Min(attempts - 1, 20)), most.TotalSeconds);
        // Up to half of it at random: receivers that went together must not be called together when they come back.
        var delay = TimeSpan.FromSeconds(seconds * (1 - (Random.Shared.NextDouble() / 2)));
        try
        {
            await Task.Delay(delay, services.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The activation ends; the reminder goes on.
        }
    }

    private void GiveUp(OutboxState box, OutboxEntry entry, string reason)
    {
        box.Waiting.Remove(entry);
        services.Meter.Count("given_up");
        GaveUp(services.Logger, entry.Id, new Uri(entry.Destination).Authority, reason);
    }

    [LoggerMessage(1, LogLevel.Error, "Notification {Id} to {Destination} is given up: {Reason}")]
    private static partial void GaveUp(ILogger logger, string id, string destination, string reason);

    [LoggerMessage(2, LogLevel.Error, "Deliveries were interrupted by a fault of our own, and go on later")]
    private static partial void Interrupted(ILogger logger, Exception fault);
}

/// <summary>What outboxes need of the host.</summary>
internal sealed class OutboxServices(
    INotificationSender sender, IGrainFactory grains, NotificationOptions options, OutboxMeter meter, SecretBox secrets, TimeProvider time,
    ILogger<Outbox> logger)
{
    public INotificationSender Sender { get; } = sender;

    public IGrainFactory Grains { get; } = grains;

    public NotificationOptions Options { get; } = options;

    public OutboxMeter Meter { get; } = meter;

    public SecretBox Secrets { get; } = secrets;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
