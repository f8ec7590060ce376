using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;

namespace CapifOrleans.GrainHost.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Gates _gates = new();
    private readonly ManualTimeProvider _time = new();

    [ManualTimeFact]
    public async Task A_timer_ticks_when_due_and_then_with_its_period()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<ITimerGrain>("a").StartAsync("t", 5 * Second, 2 * Second, holds: false, interleaves: false, keepsAlive: false);
        _time.Advance(4 * Second);
        Assert.False(_gates.IsOpen("t ticks"));

        _time.Advance(Second);
        await _gates.OpenedAsync("t ticked 1");
        await host.Grain<ITimerGrain>("a").PingAsync();
        _time.Advance(2 * Second);
        await _gates.OpenedAsync("t ticked 2");
    }

    [ManualTimeFact]
    public async Task A_period_counts_from_the_end_of_a_tick()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<ITimerGrain>("a").StartAsync("t", Second, Second, holds: true, interleaves: true, keepsAlive: false);
        _time.Advance(Second);
        await _gates.OpenedAsync("t ticks");
        _time.Advance(10 * Second);
        Assert.Equal(1, _gates.Count("t ticks"));

        _gates.Open("t");
        await _gates.OpenedAsync("t ticked");
        await host.Grain<ITimerGrain>("a").PingAsync();
        _time.Advance(Second);

        await _gates.OpenedAsync("t ticked 2");
    }

    [ManualTimeFact]
    public async Task A_tick_is_a_turn_of_its_own_unless_it_interleaves()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var (alone, beside) = (host.Grain<ITimerGrain>("alone"), host.Grain<ITimerGrain>("beside"));
        await alone.StartAsync("alone", Second, Timeout.InfiniteTimeSpan, holds: true, interleaves: false, keepsAlive: false);
        await beside.StartAsync("beside", Second, Timeout.InfiniteTimeSpan, holds: true, interleaves: true, keepsAlive: false);
        _time.Advance(Second);
        await Task.WhenAll(_gates.OpenedAsync("alone ticks"), _gates.OpenedAsync("beside ticks"));

        var waits = alone.PingAsync();
        await beside.PingAsync();

        Assert.False(waits.IsCompleted);
        _gates.Open("alone");
        _gates.Open("beside");
        await waits;
    }

    [ManualTimeFact]
    public async Task A_tick_that_fails_is_not_the_last()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<ITimerGrain>("a").StartFailingAsync();
        for (var tick = 1; tick <= 3; tick++)
        {
            _time.Advance(Second);
            await _gates.OpenedAsync($"failing ticks {tick}");
            await host.Grain<ITimerGrain>("a").PingAsync();
        }
    }

    [ManualTimeFact]
    public async Task A_disposed_timer_ticks_no_more()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<ITimerGrain>("a");
        await grain.StartAsync("t", Second, Second, holds: false, interleaves: false, keepsAlive: false);
        await grain.StopTimersAsync();

        _time.Advance(10 * Second);
        await grain.PingAsync();

        Assert.False(_gates.IsOpen("t ticks"));
    }

    [ManualTimeFact]
    public async Task A_changed_timer_ticks_at_its_new_time()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<ITimerGrain>("a");
        await grain.StartAsync("t", Second, Second, holds: false, interleaves: false, keepsAlive: false);
        await grain.ChangeTimersAsync(20 * Second, Second);
        _time.Advance(19 * Second);
        await grain.PingAsync();
        Assert.False(_gates.IsOpen("t ticks"));

        _time.Advance(Second);

        await _gates.OpenedAsync("t ticked");
    }

    [ManualTimeFact]
    public async Task Timers_end_with_their_activation_and_do_not_bring_it_back()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<ITimerGrain>("a");
        await grain.StartAsync("t", Second, Second, holds: false, interleaves: false, keepsAlive: false);
        await grain.EndAsync();
        await _gates.OpenedAsync("timer grain ends");

        _time.Advance(10 * Second);
        await grain.PingAsync();

        Assert.False(_gates.IsOpen("t ticks"));
    }

    [ManualTimeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timer_keeps_its_activation_only_where_it_was_asked_to(bool keepsAlive)
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var minute = TimeSpan.FromMinutes(1);
        await host.Grain<ITimerGrain>("a").StartAsync("t", minute, minute, holds: false, interleaves: false, keepsAlive: keepsAlive);
        for (var passed = 1; passed <= 40 && !_gates.IsOpen("timer grain ends"); passed++)
        {
            _time.Advance(minute);
            await Task.WhenAny(_gates.OpenedAsync($"t ticked {passed}"), _gates.OpenedAsync("timer grain ends"));
            if (keepsAlive)
                await host.Grain<ITimerGrain>("b").PingAsync();
        }

        if (keepsAlive)
            Assert.True(_gates.Count("t ticked") >= 40);
        else
            await _gates.OpenedAsync("timer grain ends");
    }
}
