using System.Collections.Concurrent;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>How tests and grains wait for each other, and what the grains say happened, in order. A service of the host.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>What was said, in order.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Opens a gate, for good.</summary>
    public void Open(string name) => Gate(name).TrySetResult();

    /// <summary>Waits until a gate is open. Gives up after a time that only a failing test reaches.</summary>
    public Task OpenedAsync(string name) => Gate(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Whether a gate is open.</summary>
    public bool IsOpen(string name) => Gate(name).Task.IsCompleted;

    /// <summary>Says that something happened; opens the gate of that name.</summary>
    public void Say(string what)
    {
        _log.Enqueue(what);
        var count = _counts.AddOrUpdate(what, 1, static (_, before) => before + 1);
        Open(what);
        Open($"{what} {count}");
    }

    /// <summary>How often that was said.</summary>
    public int Count(string what) => _counts.GetValueOrDefault(what);

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
