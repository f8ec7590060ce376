namespace Orleans.Runtime;

/// <summary>
/// The turns of an activation: it is the scheduler of everything that belongs to its grain, one piece at a time: the start of each call,
/// and every continuation of it, since an await in grain code comes back to the scheduler on which it began. Idle it holds no thread.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IThreadPoolWorkItem
{
    // After so many turns the thread goes back, so that one busy grain does not starve others.
    private const int TurnsPerSlice = 64;

    // How many calls may begin nested on one thread: past it, a call goes to another thread rather than deeper into the stack.
    private const int MaxDepth = 8;

    [ThreadStatic]
    private static int _depth;

    private Task? _turn;
    private Queue<Task>? _moreTurns;
    private Task? _ownTurn;
    private bool _isTurning;

    /// <summary>The activation whose turn runs on this thread.</summary>
    public static Activation? OfThisThread => TaskScheduler.Current as Activation;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs turns on a thread of the pool.</summary>
    public void Execute()
    {
        for (var turn = 0; turn < TurnsPerSlice; turn++)
        {
            Task? next;
            lock (_lock)
            {
                next = TakeTurn();
                if (next is null)
                {
                    _isTurning = false;
                    return;
                }
            }

            TryExecuteTask(next);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        // The one that this thread has just started, to run it itself.
        if (ReferenceEquals(task, _ownTurn))
            return;
        lock (_lock)
        {
            if (_turn is null && _moreTurns is not { Count: > 0 })
                _turn = task;
            else
                (_moreTurns ??= new Queue<Task>()).Enqueue(task);
            if (_isTurning)
                return;
            _isTurning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && TaskScheduler.Current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
            return [.. _turn is null ? [] : new[] { _turn }, .. _moreTurns ?? []];
    }

    /// <summary>Takes the right to run turns on this thread, if nobody has it. Under the lock.</summary>
    private bool TryTakeTurns()
    {
        if (_isTurning || _depth >= MaxDepth)
            return false;
        return _isTurning = true;
    }

    /// <summary>
    /// Runs a turn now, on this thread, which has the right to (<see cref="TryTakeTurns"/>). Saves two changes of thread for a call that
    /// finds its grain idle, which most do. What else is to be done then goes to the pool: the caller has work of its own.
    /// </summary>
    private void RunNow(Task turn, bool andNext = false)
    {
        // A caller's context, where it has one (a test runner's), would draw the grain's awaits out of its turns.
        var context = SynchronizationContext.Current;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        _depth++;
        _ownTurn = turn;
        turn.Start(this);
        _ownTurn = null;
        TryExecuteTask(turn);
        if (andNext)
        {
            Task? next;
            lock (_lock)
                next = TakeTurn();
            if (next is not null)
                TryExecuteTask(next);
        }

        _depth--;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(context);
        lock (_lock)
        {
            if (_turn is null && _moreTurns is not { Count: > 0 })
            {
                _isTurning = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private Task? TakeTurn()
    {
        var next = _turn;
        _turn = null;
        if (next is null && _moreTurns is not null && !_moreTurns.TryDequeue(out next))
            _moreTurns = null;
        return next;
    }
}
