using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>
/// Runs what belongs to one activation, one piece at a time: the start of each call, and every continuation of it, since an await in grain
/// code comes back to the scheduler on which it began. Idle it holds no thread.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IThreadPoolWorkItem
{
    // A piece of work may bring more; after so many the thread goes back, so that one busy grain does not starve others.
    private const int TurnsPerSlice = 64;

    private readonly ConcurrentQueue<Task> _queue = new();
    private int _scheduled;

    /// <summary>Whose work this is.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>
    /// Runs the task now, on this thread, if the activation is idle; otherwise puts it into the queue. Saves two changes of thread for a
    /// call that finds its grain idle, which most do.
    /// </summary>
    public void RunOrQueue(Task task)
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) != 0)
        {
            task.Start(this);
            return;
        }

        // Queued first: Start needs the task in this scheduler's hands. The slot is ours, so nobody else runs it.
        task.Start(this);
        Execute();
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var turn = 0; turn < TurnsPerSlice; turn++)
        {
            if (_queue.TryDequeue(out var task))
            {
                TryExecuteTask(task);
                continue;
            }

            Volatile.Write(ref _scheduled, 0);
            // Something may have come between the last look and the release.
            if (_queue.IsEmpty || Interlocked.CompareExchange(ref _scheduled, 1, 0) != 0)
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        _queue.Enqueue(task);
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [.. _queue];
}
