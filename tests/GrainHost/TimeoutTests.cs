using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;

namespace CapifOrleans.GrainHost.Tests;

public sealed class TimeoutTests
{
    private readonly Gates _gates = new();
    private readonly ManualTimeProvider _time = new();

    [ManualTimeFact]
    public async Task A_call_that_takes_too_long_ends_for_its_caller_and_the_grain_stays_usable()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<ITurnGrain>("a");
        var slow = grain.HoldAsync("1");
        await _gates.OpenedAsync("1 begins");
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(slow.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(4));

        await Assert.ThrowsAsync<TimeoutException>(() => slow);
        var next = grain.SayAsync("next");
        Assert.False(_gates.IsOpen("next"));
        _gates.Open("1");
        await next;
        Assert.Equal(["1 begins", "1 ends", "next"], _gates.Log);
    }

    [ManualTimeFact]
    public async Task A_queued_call_whose_caller_gave_up_does_not_run()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<ITurnGrain>("a");
        var slow = grain.HoldAsync("1");
        var queued = grain.SayAsync("never").AsTask();
        _time.Advance(TimeSpan.FromSeconds(33));
        await Assert.ThrowsAsync<TimeoutException>(() => slow);
        await Assert.ThrowsAsync<TimeoutException>(() => queued);

        _gates.Open("1");
        await grain.SayAsync("next");

        Assert.False(_gates.IsOpen("never"));
    }

    [ManualTimeFact]
    public async Task A_cycle_of_calls_ends_in_a_timeout_and_the_grains_stay_usable()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var cycle = host.Grain<IChainGrain>("a").FollowAsync("b,a");
        await _gates.OpenedAsync("b follows");

        _time.Advance(TimeSpan.FromSeconds(33));

        await Assert.ThrowsAsync<TimeoutException>(() => cycle);
        await host.Grain<IChainGrain>("a").PingAsync();
        await host.Grain<IChainGrain>("b").PingAsync();
        Assert.False(_gates.IsOpen("end of chain"));
    }

    [ManualTimeFact]
    public async Task A_cycle_that_its_grain_allows_comes_back()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        Assert.Equal(3, await host.Grain<IChainGrain>("a").FollowReentrantlyAsync("b,a"));
    }

    [ManualTimeFact]
    public async Task What_a_grain_allowed_ends_with_its_section()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var twice = host.Grain<IChainGrain>("a").FollowTwiceAsync("b,a");
        await _gates.OpenedAsync("b follows 2");

        _time.Advance(TimeSpan.FromSeconds(33));

        await Assert.ThrowsAsync<TimeoutException>(() => twice);
        Assert.Equal(1, _gates.Count("end of chain"));
    }
}
