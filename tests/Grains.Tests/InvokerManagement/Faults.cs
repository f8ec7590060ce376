using System.Text;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Storage;
using Orleans.Storage;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Hears of the steps of a procedure; a test waits for one, or stops the procedure at one for good.</summary>
internal sealed class ProcedureWatch : IProcedureObserver
{
    // Only a failing test waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _step;
    private bool _stops;

    /// <summary>Every step that was reported, in order.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Ends when that step is reported; whoever reports it gets no further, like a process that dies there.</summary>
    public Task StopAfter(string step) => Watch(step, stops: true);

    /// <summary>Ends when that step is reported; nothing stops any more.</summary>
    public Task Reach(string step) => Watch(step, stops: false);

    public Task StepDoneAsync(string procedure, string id, string step)
    {
        lock (_lock)
        {
            Seen.Add(step);
            if (step != _step)
                return Task.CompletedTask;
            _reached.TrySetResult();
            return _stops ? new TaskCompletionSource().Task : Task.CompletedTask;
        }
    }

    private Task Watch(string step, bool stops)
    {
        lock (_lock)
        {
            (_step, _stops) = (step, stops);
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task.WaitAsync(Patience);
        }
    }
}

/// <summary>State storage that stops taking writes after so many.</summary>
internal sealed class BreakableStorage
{
    private int _left = int.MaxValue;

    /// <summary>Whether a write was refused since the storage was mended.</summary>
    public bool Refused { get; private set; }

    public void BreakAfter(int writes) => (_left, Refused) = (writes, false);

    public void Mend() => BreakAfter(int.MaxValue);

    public IGrainStorageSerializer Over(GrainStateSerializer inner) => new Serializer(inner, this);

    private sealed class Serializer(GrainStateSerializer inner, BreakableStorage storage) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input)
        {
            if (Interlocked.Decrement(ref storage._left) < 0)
            {
                storage.Refused = true;
                throw new IOException("The storage is gone.");
            }

            return inner.Serialize(input);
        }

        public T Deserialize<T>(BinaryData input) => inner.Deserialize<T>(input);
    }
}

/// <summary>Takes every notification.</summary>
internal sealed class NotificationRecorder : INotificationSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly List<(Uri Destination, string Json)> _sent = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _sent.Add((destination, Encoding.UTF8.GetString(json.Span)));
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.FromResult(true);
    }

    /// <summary>What was sent to that host with that text in it, once there is one.</summary>
    public async Task<string> ReceivedAsync(string host, string text)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_sent.FirstOrDefault(one => one.Destination.Host == host && one.Json.Contains(text, StringComparison.Ordinal)).Json is { } found)
                    return found;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience);
        }
    }
}
