using Orleans;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests.Grains;

[Alias("test.ITimerGrain")]
public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Says "name ticks" at each tick; a tick waits for the gate "name" where <paramref name="holds"/>.</summary>
    [Alias("Start")]
    Task StartAsync(string name, TimeSpan dueTime, TimeSpan period, bool holds, bool interleaves, bool keepsAlive);

    [Alias("StartFailing")]
    Task StartFailingAsync();

    [Alias("StopTimers")]
    Task StopTimersAsync();

    [Alias("ChangeTimers")]
    Task ChangeTimersAsync(TimeSpan dueTime, TimeSpan period);

    [Alias("End")]
    Task EndAsync();

    [Alias("Ping")]
    Task PingAsync();
}

[GrainType("timer")]
public sealed class TimerGrain(Gates gates) : Grain, ITimerGrain
{
    private readonly List<IGrainTimer> _timers = [];

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        gates.Say("timer grain ends");
        return Task.CompletedTask;
    }

    public Task StartAsync(string name, TimeSpan dueTime, TimeSpan period, bool holds, bool interleaves, bool keepsAlive)
    {
        _timers.Add(this.RegisterGrainTimer(
            async cancellationToken =>
            {
                gates.Say($"{name} ticks");
                if (holds)
                    await gates.OpenedAsync(name).WaitAsync(cancellationToken);
                gates.Say($"{name} ticked");
            },
            new GrainTimerCreationOptions { DueTime = dueTime, Period = period, Interleave = interleaves, KeepAlive = keepsAlive }));
        return Task.CompletedTask;
    }

    public Task StartFailingAsync()
    {
        _timers.Add(this.RegisterGrainTimer(
            static (its, _) =>
            {
                its.Say("failing ticks");
                throw new WrongNumberException(1);
            },
            gates, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        return Task.CompletedTask;
    }

    public Task StopTimersAsync()
    {
        _timers.ForEach(one => one.Dispose());
        return Task.CompletedTask;
    }

    public Task ChangeTimersAsync(TimeSpan dueTime, TimeSpan period)
    {
        _timers.ForEach(one => one.Change(dueTime, period));
        return Task.CompletedTask;
    }

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task PingAsync() => Task.CompletedTask;
}
