using Orleans;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>Says when its activations begin and end, and why.</summary>
[Alias("test.ILifeCalls")]
public interface ILifeCalls : IGrainWithStringKey
{
    /// <summary>The number of this activation: the first of the grain is 1.</summary>
    [Alias("Activation")]
    Task<int> ActivationAsync();

    /// <summary>Asks to end after this call, and waits for the gate.</summary>
    [Alias("EndAfter")]
    Task EndAfterAsync(string gate);

    /// <summary>Asks to end; the result is the number of the activation.</summary>
    [Alias("End")]
    Task<int> EndAsync();

    [Alias("StayFor")]
    Task StayForAsync(TimeSpan time);

    [Alias("Hold")]
    Task HoldAsync(string gate);
}

[Alias("test.ILifeGrain")]
public interface ILifeGrain : ILifeCalls;

[Alias("test.IKeptGrain")]
public interface IKeptGrain : ILifeCalls;

[Alias("test.ILongLivedGrain")]
public interface ILongLivedGrain : ILifeCalls;

public abstract class LifeGrainBase(Gates gates) : Grain
{
    private int _activation;

    private string Name => GetType().Name + " " + this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        gates.Say($"{Name} begins");
        _activation = gates.Count($"{Name} begins");
        if (gates.Count($"{Name} ends") != _activation - 1)
            gates.Say("two activations");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (gates.IsOpen("hang at the end"))
            await Task.Delay(Timeout.Infinite, cancellationToken);
        gates.Say($"ends: {reason.ReasonCode}");
        gates.Say($"{Name} ends");
        gates.Say("ends");
    }

    public Task<int> ActivationAsync() => Task.FromResult(_activation);

    public async Task EndAfterAsync(string gate)
    {
        DeactivateOnIdle();
        gates.Say($"{gate} reached");
        await gates.OpenedAsync(gate);
    }

    public Task<int> EndAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(_activation);
    }

    public Task StayForAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public async Task HoldAsync(string gate)
    {
        gates.Say($"{gate} reached");
        await gates.OpenedAsync(gate);
    }
}

[GrainType("life")]
public sealed class LifeGrain(Gates gates) : LifeGrainBase(gates), ILifeGrain;

[GrainType("kept"), KeepAlive]
public sealed class KeptGrain(Gates gates) : LifeGrainBase(gates), IKeptGrain;

[GrainType("long lived"), CollectionAgeLimit(Hours = 2)]
public sealed class LongLivedGrain(Gates gates) : LifeGrainBase(gates), ILongLivedGrain;
