using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>One call, from its dispatch to its answer. It knows its method and arguments, and has at most one caller that waits.</summary>
internal abstract class GrainRequest
{
    private protected object? Outcome;

    /// <summary>What is called.</summary>
    public GrainMethod Method { get; set; } = null!;

    /// <summary>The chain of calls that this is part of, where an earlier link allowed it to come back.</summary>
    public Guid ChainId { get; set; }

    /// <summary>The activation that runs it, and the turn in which it begins: made by the caller, since it carries the caller's context.</summary>
    public Activation? Activation { get; set; }

    /// <inheritdoc cref="Activation"/>
    public Task? Turn { get; set; }

    /// <summary>The next in the queue of its activation.</summary>
    public GrainRequest? Next { get; set; }

    /// <summary>Its place in the watch over those that wait; the watch's own.</summary>
    public WatchedCall? Watched { get; set; }

    /// <summary>The trace of the call, where somebody listens.</summary>
    public System.Diagnostics.Activity? Trace { get; set; }

    /// <summary>When it was sent, where somebody measures; timestamp of the system's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Whether it is for this instance of the grain only: where the instance ends, so does it.</summary>
    public virtual bool IsOfInstance => false;

    /// <summary>Whether it keeps the activation from being idle.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Whether the answer is there.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Begins the call, in a turn of its activation.</summary>
    public void Begin()
    {
        var running = Start(Activation!.Instance!);
        if (running.IsCompleted)
            Finish(running);
        else
            // Comes back in a turn of the activation: the awaiter captures the present scheduler.
            running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext).GetAwaiter().UnsafeOnCompleted(() => Finish(running));
    }

    /// <summary>Calls the method; what it throws at once is a failed task as well.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a grain throws belongs to its caller.")]
    [SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "It is what Orleans answers.")]
    public Task Start(object target)
    {
        try
        {
            return Run(target) ?? Task.FromException(new NullReferenceException($"{Method.Name} returned null instead of a task."));
        }
        catch (Exception fault)
        {
            return Task.FromException(fault);
        }
    }

    /// <summary>Answers with what the method gave; the first answer counts.</summary>
    public abstract void Complete(Task finished);

    /// <summary>Answers with a fault.</summary>
    public abstract void Fail(Exception fault);

    /// <summary>Calls the method.</summary>
    protected abstract Task? Run(object target);

    private void Finish(Task finished)
    {
        // The activation first: whoever awaits the answer finds it free.
        var fault = finished.Exception?.InnerException;
        Activation!.Finished(this, fault);
        Complete(finished);
        Activation.Catalog.Completed(this, fault);
    }
}

/// <summary>A call without a result.</summary>
internal abstract class TaskRequest : GrainRequest
{
    /// <inheritdoc/>
    public override bool IsAnswered => Outcome is Task or TaskCompletionSource { Task.IsCompleted: true };

    /// <summary>What the caller awaits. Where the call is already over, that is the task that the grain returned: nothing is made for it.</summary>
    public Task Answer()
    {
        var outcome = Volatile.Read(ref Outcome);
        if (outcome is null)
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            outcome = Interlocked.CompareExchange(ref Outcome, waiter, null) ?? waiter;
        }

        return outcome as Task ?? ((TaskCompletionSource)outcome).Task;
    }

    /// <inheritdoc/>
    public override void Complete(Task finished)
    {
        if (Interlocked.CompareExchange(ref Outcome, finished, null) is TaskCompletionSource waiter)
            waiter.TrySetFromTask(finished);
    }

    /// <inheritdoc/>
    public override void Fail(Exception fault) => Complete(Task.FromException(fault));

    /// <summary>Calls the method on <paramref name="target"/>.</summary>
    public abstract Task? Invoke(object target);

    /// <inheritdoc/>
    protected override Task? Run(object target) => Invoke(target);
}

/// <summary>A call with a result.</summary>
internal abstract class TaskRequest<TResult> : GrainRequest
{
    /// <inheritdoc/>
    public override bool IsAnswered => Outcome is Task or TaskCompletionSource<TResult> { Task.IsCompleted: true };

    /// <inheritdoc cref="TaskRequest.Answer"/>
    public Task<TResult> Answer()
    {
        var outcome = Volatile.Read(ref Outcome);
        if (outcome is null)
        {
            var waiter = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            outcome = Interlocked.CompareExchange(ref Outcome, waiter, null) ?? waiter;
        }

        return outcome as Task<TResult> ?? ((TaskCompletionSource<TResult>)outcome).Task;
    }

    /// <inheritdoc/>
    public override void Complete(Task finished)
    {
        // A fault before the method was reached comes as a task without a result.
        var typed = finished as Task<TResult> ?? Task.FromException<TResult>(finished.Exception!.InnerException!);
        if (Interlocked.CompareExchange(ref Outcome, typed, null) is TaskCompletionSource<TResult> waiter)
            waiter.TrySetFromTask(typed);
    }

    /// <inheritdoc/>
    public override void Fail(Exception fault) => Complete(Task.FromException<TResult>(fault));

    /// <inheritdoc cref="TaskRequest.Invoke"/>
    public abstract Task<TResult>? Invoke(object target);

    /// <inheritdoc/>
    protected override Task? Run(object target) => Invoke(target);
}

/// <summary>A call that the host itself makes: of a reminder or a timer.</summary>
internal sealed class HostRequest(Func<object, Task> call, bool ofInstance = false, bool keepsAlive = true) : TaskRequest
{
    /// <inheritdoc/>
    public override bool IsOfInstance => ofInstance;

    /// <inheritdoc/>
    public override bool KeepsAlive => keepsAlive;

    /// <inheritdoc/>
    public override Task Invoke(object target) => call(target);
}
