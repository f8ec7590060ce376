using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>Calls that wait at gates, so that a test decides what is running when.</summary>
[Alias("test.ITurnGrain")]
public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Says "name begins", waits for the gate "name", says "name ends".</summary>
    [Alias("Hold")]
    Task HoldAsync(string name);

    [ReadOnly, Alias("HoldReadOnly")]
    Task HoldReadOnlyAsync(string name);

    [AlwaysInterleave, Alias("HoldInterleaved")]
    Task HoldInterleavedAsync(string name);

    [OneWay, Alias("HoldOneWay")]
    Task HoldOneWayAsync(string name);

    [OneWay, Alias("FailOneWay")]
    Task FailOneWayAsync();

    /// <summary>Adds one to a number, with a pause between reading and writing it; the result is the number before.</summary>
    [Alias("Add")]
    Task<int> AddAsync();

    [Alias("Say")]
    ValueTask SayAsync(string what);

    [Alias("Echo")]
    ValueTask<int> EchoAsync(int value);

    /// <summary>Whether awaits of several kinds came back to the activation.</summary>
    [Alias("StaysInItsTurns")]
    Task<bool> StaysInItsTurnsAsync();

    [Alias("HoldWith")]
    Task HoldWithAsync(string name, CancellationToken cancellationToken);

    [Alias("RequestContextOf")]
    Task<string?> RequestContextOfAsync(string key);
}

[Alias("test.IReentrantGrain")]
public interface IReentrantGrain : IGrainWithStringKey
{
    [Alias("Hold")]
    Task HoldAsync(string name);
}

[Alias("test.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    [Alias("Hold")]
    Task HoldAsync(string name);
}

[GrainType("turn")]
public sealed class TurnGrain(Gates gates) : Grain, ITurnGrain
{
    private int _number;

    public Task HoldAsync(string name) => HoldAtAsync(name);

    public Task HoldReadOnlyAsync(string name) => HoldAtAsync(name);

    public Task HoldInterleavedAsync(string name) => HoldAtAsync(name);

    public Task HoldOneWayAsync(string name) => HoldAtAsync(name);

    public Task FailOneWayAsync()
    {
        gates.Say("failing");
        throw new InvalidOperationException("Nobody shall see this.");
    }

    public async Task<int> AddAsync()
    {
        var before = _number;
        await Task.Yield();
        _number = before + 1;
        return before;
    }

    public ValueTask SayAsync(string what)
    {
        gates.Say(what);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<int> EchoAsync(int value)
    {
        await Task.Yield();
        return value;
    }

    public async Task<bool> StaysInItsTurnsAsync()
    {
        var own = TaskScheduler.Current;
        await Task.Yield();
        var stayed = TaskScheduler.Current == own;
        await Task.Run(static () => { });
        stayed &= TaskScheduler.Current == own;
        await Task.Delay(1, CancellationToken.None);
        stayed &= TaskScheduler.Current == own;
        await foreach (var value in Values())
            stayed &= value > 0 && TaskScheduler.Current == own;
        return stayed && own != TaskScheduler.Default;
    }

    public async Task HoldWithAsync(string name, CancellationToken cancellationToken)
    {
        gates.Say($"{name} begins");
        await gates.OpenedAsync(name).WaitAsync(cancellationToken);
    }

    public Task<string?> RequestContextOfAsync(string key) => Task.FromResult(RequestContext.Get(key) as string);

    private static async IAsyncEnumerable<int> Values()
    {
        await Task.Yield();
        yield return 1;
        await Task.Yield();
        yield return 2;
    }

    private async Task HoldAtAsync(string name)
    {
        gates.Say($"{name} begins");
        await gates.OpenedAsync(name);
        gates.Say($"{name} ends");
    }
}

[GrainType("reentrant"), Reentrant]
public sealed class ReentrantGrain(Gates gates) : Grain, IReentrantGrain
{
    public async Task HoldAsync(string name)
    {
        gates.Say($"{name} begins");
        await gates.OpenedAsync(name);
    }
}

[GrainType("worker"), StatelessWorker(2)]
public sealed class WorkerGrain(Gates gates) : Grain, IWorkerGrain
{
    public async Task HoldAsync(string name)
    {
        gates.Say("begins");
        gates.Say($"{name} begins");
        await gates.OpenedAsync(name);
        gates.Say($"{name} ends");
    }
}
