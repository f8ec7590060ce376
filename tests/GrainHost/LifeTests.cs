using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests;

public sealed class LifeTests
{
    private readonly Gates _gates = new();
    private readonly ManualTimeProvider _time = new();

    [ManualTimeFact]
    public async Task An_idle_activation_ends_after_its_time_and_the_next_call_makes_another()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        Assert.Equal(1, await host.Grain<ILifeGrain>("a").ActivationAsync());
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await host.Grain<ILifeGrain>("a").ActivationAsync());
        Pass(TimeSpan.FromMinutes(14));
        Assert.False(_gates.IsOpen("ends"));

        Pass(TimeSpan.FromMinutes(3));

        await _gates.OpenedAsync("ends: ActivationIdle");
        Assert.Equal(2, await host.Grain<ILifeGrain>("a").ActivationAsync());
    }

    [ManualTimeFact]
    public async Task A_class_may_have_a_time_of_its_own_or_stay()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<ILongLivedGrain>("a").ActivationAsync();
        await host.Grain<IKeptGrain>("a").ActivationAsync();
        Pass(TimeSpan.FromMinutes(110));
        Assert.False(_gates.IsOpen("ends"));

        Pass(TimeSpan.FromMinutes(20));

        await _gates.OpenedAsync("LongLivedGrain a ends");
        Pass(TimeSpan.FromDays(2));
        Assert.Equal(1, await host.Grain<IKeptGrain>("a").ActivationAsync());
    }

    [ManualTimeFact]
    public async Task A_grain_may_put_its_end_off()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<ILifeGrain>("a").StayForAsync(TimeSpan.FromHours(1));
        Pass(TimeSpan.FromMinutes(58));
        Assert.False(_gates.IsOpen("ends"));

        Pass(TimeSpan.FromMinutes(4));

        await _gates.OpenedAsync("ends");
    }

    [ManualTimeFact]
    public async Task A_call_that_runs_keeps_its_activation()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, options => options.ResponseTimeout = TimeSpan.FromDays(1), _time);
        var held = host.Grain<ILifeGrain>("a").HoldAsync("1");
        await _gates.OpenedAsync("1 reached");
        Pass(TimeSpan.FromHours(1));
        _gates.Open("1");
        await held;

        Assert.Equal(1, await host.Grain<ILifeGrain>("a").ActivationAsync());
    }

    [Fact]
    public async Task Calls_that_wait_when_an_activation_ends_go_to_the_next_in_order()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ILifeGrain>("a");
        var ending = grain.EndAfterAsync("gate");
        await _gates.OpenedAsync("gate reached");
        var waiting = Enumerable.Range(0, 100).Select(_ => grain.ActivationAsync()).ToArray();

        _gates.Open("gate");
        await ending;

        Assert.All(await Task.WhenAll(waiting), number => Assert.Equal(2, number));
        Assert.Equal(["LifeGrain a ends", "LifeGrain a begins"], _gates.Log.Where(one => one.StartsWith("LifeGrain", StringComparison.Ordinal)).Skip(1));
    }

    [EmbeddedFact("Orleans bounds the stop of a silo by the host and by the deactivation of each grain.")]
    public async Task Activations_that_come_and_go_under_load_lose_no_call_and_are_never_two()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < 500; call++)
            {
                var grain = host.Grain<ILifeGrain>($"{call % 3}");
                _ = call % 5 == caller % 5 ? await grain.EndAsync() : await grain.ActivationAsync();
            }
        })));

        Assert.False(_gates.IsOpen("two activations"));
        Assert.True(_gates.Count("LifeGrain 0 begins") > 1);
    }

    [EmbeddedFact("Orleans lets calls that come while a silo stops run into their timeout.")]
    public async Task A_stop_finishes_what_runs_refuses_what_comes_and_ends_every_activation()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ILifeGrain>("a");
        await host.Grain<ILifeGrain>("b").ActivationAsync();
        var held = grain.HoldAsync("1");
        await _gates.OpenedAsync("1 reached");

        var stopping = host.StopAsync();
        await _gates.OpenedAsync("LifeGrain b ends");
        await Assert.ThrowsAsync<OrleansException>(() => grain.ActivationAsync());
        Assert.False(held.IsCompleted);
        _gates.Open("1");
        await stopping;

        await held;
        Assert.Equal(2, _gates.Count("ends: ShuttingDown"));
    }

    [ManualTimeFact]
    public async Task A_stop_does_not_wait_for_ever()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, options => options.DrainTimeout = TimeSpan.FromMilliseconds(100));
        _gates.Open("hang at the end");
        await host.Grain<ILifeGrain>("a").ActivationAsync();
        var held = host.Grain<ILifeGrain>("b").HoldAsync("1");

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(held.IsCompleted);
        _gates.Open("1");
        await held;
    }

    // The collector looks once a minute: a leap would be one look.
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
            _time.Advance(TimeSpan.FromMinutes(1));
    }
}
