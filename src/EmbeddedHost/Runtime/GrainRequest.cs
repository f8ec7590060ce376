using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>How calls of a method may interleave with what their grain is doing.</summary>
[Flags]
internal enum CallOptions
{
    /// <summary>One at a time.</summary>
    None = 0,

    /// <summary>With anything.</summary>
    AlwaysInterleave = 1,

    /// <summary>With other calls so marked.</summary>
    ReadOnly = 2,

    /// <summary>The caller does not wait.</summary>
    OneWay = 4,
}

/// <summary>One call of a grain, from its dispatch to its answer.</summary>
internal abstract class GrainRequest
{
    private Action? _completion;

    /// <summary>How it may interleave.</summary>
    public CallOptions Options { get; init; }

    /// <summary>Whether it keeps the activation from being idle.</summary>
    public bool KeepsAlive { get; init; } = true;

    /// <summary>What is called, for messages.</summary>
    public string Name { get; init; } = "";

    /// <summary>The chain of calls that this is part of, where an earlier link allowed it to come back.</summary>
    public Guid ChainId { get; init; }

    /// <summary>The activation that runs it.</summary>
    public Activation? Activation { get; set; }

    /// <summary>When the caller stops waiting; ticks of the host's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether the caller has its answer.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Begins the call, in a turn of its activation.</summary>
    public void Begin()
    {
        var running = Start(Activation!.Instance!);
        if (running.IsCompleted)
        {
            Finish(running);
            return;
        }

        _completion = () => Finish(running);
        // Comes back in a turn of the activation: the awaiter captures the present scheduler.
        running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext).GetAwaiter().UnsafeOnCompleted(_completion);
    }

    /// <summary>Answers with a fault.</summary>
    public abstract void Fail(Exception fault);

    /// <summary>Calls the grain's method.</summary>
    protected abstract Task Start(object grain);

    /// <summary>Answers with what the method gave.</summary>
    protected abstract void Answer(Task finished);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a grain throws belongs to its caller.")]
    private void Finish(Task finished)
    {
        try
        {
            Answer(finished);
        }
        finally
        {
            Activation!.Finished(this, finished.Exception?.InnerException);
        }
    }

    /// <summary>Starts a method so that what it throws at once is a failed task as well.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a grain throws belongs to its caller.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Task Guard<TArgument>(Func<object, TArgument, Task> method, object grain, TArgument argument)
    {
        try
        {
            return method(grain, argument) ?? Task.CompletedTask;
        }
        catch (Exception fault)
        {
            return Task.FromException(fault);
        }
    }
}

/// <summary>A call with a result.</summary>
internal sealed class GrainRequest<TResult>(Func<object, object?[], Task> method, object?[] arguments) : GrainRequest
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the caller awaits.</summary>
    public Task<TResult> Task => _answer.Task;

    /// <inheritdoc/>
    public override bool IsAnswered => _answer.Task.IsCompleted;

    /// <inheritdoc/>
    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    /// <inheritdoc/>
    protected override Task Start(object grain) => Guard(method, grain, arguments);

    /// <inheritdoc/>
    protected override void Answer(Task finished)
    {
        if (finished.IsCompletedSuccessfully)
            _answer.TrySetResult(finished is Task<TResult> typed ? typed.Result : default!);
        else if (finished.IsCanceled)
            _answer.TrySetCanceled();
        else
            _answer.TrySetException(finished.Exception!.InnerExceptions);
    }
}
