using Orleans;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>A fault of the application's own.</summary>
public sealed class WrongNumberException(int number) : Exception($"{number} is wrong.")
{
    public int Number { get; } = number;
}

[Alias("test.IFaultGrain")]
public interface IFaultGrain : IGrainWithStringKey
{
    /// <summary>Throws before the first await.</summary>
    [Alias("ThrowAtOnce")]
    Task<int> ThrowAtOnceAsync(int number);

    /// <summary>Throws after an await.</summary>
    [Alias("ThrowLater")]
    ValueTask<int> ThrowLaterAsync(int number);

    [Alias("Null")]
    Task NullAsync();

    [Alias("Relay")]
    Task<int> RelayAsync(string key, int number);

    /// <summary>How many calls this activation has had.</summary>
    [Alias("Count")]
    Task<int> CountAsync();
}

[Alias("test.IUnmakableGrain")]
public interface IUnmakableGrain : IGrainWithStringKey
{
    [Alias("Ping")]
    Task PingAsync();
}

/// <summary>Cannot be activated until the gate "may activate" is open.</summary>
[Alias("test.ILateGrain")]
public interface ILateGrain : IGrainWithStringKey
{
    [Alias("Ping")]
    Task PingAsync();
}

[GrainType("fault")]
public sealed class FaultGrain : Grain, IFaultGrain
{
    private int _calls;

    public Task<int> ThrowAtOnceAsync(int number)
    {
        _calls++;
        throw new WrongNumberException(number);
    }

    public async ValueTask<int> ThrowLaterAsync(int number)
    {
        _calls++;
        await Task.Yield();
        throw new WrongNumberException(number);
    }

    public Task NullAsync() => null!;

    public Task<int> RelayAsync(string key, int number) => GrainFactory.GetGrain<IFaultGrain>(key).ThrowLaterAsync(number).AsTask();

    public Task<int> CountAsync() => Task.FromResult(++_calls);
}

[GrainType("unmakable")]
public sealed class UnmakableGrain : Grain, IUnmakableGrain
{
    public UnmakableGrain() => throw new WrongNumberException(13);

    public Task PingAsync() => Task.CompletedTask;
}

[GrainType("late")]
public sealed class LateGrain(Gates gates) : Grain, ILateGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        gates.IsOpen("may activate") ? Task.CompletedTask : throw new WrongNumberException(1);

    public Task PingAsync() => Task.CompletedTask;
}
