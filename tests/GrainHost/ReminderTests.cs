using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;

namespace CapifOrleans.GrainHost.Tests;

public sealed class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Gates _gates = new();
    // Stands at 12:00.
    private readonly ManualTimeProvider _time = new();

    [ManualTimeFact]
    public async Task A_reminder_comes_when_due_and_keeps_its_phase()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<IReminderGrain>("a").RegisterAsync("r", 3 * Minute, 10 * Minute);
        _time.Advance(2 * Minute);
        Assert.False(_gates.IsOpen("r"));
        _time.Advance(Minute);
        await _gates.OpenedAsync("r at 12:03");

        _time.Advance(10 * Minute);

        await _gates.OpenedAsync("r at 12:13");
    }

    [ManualTimeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reminder_is_there_after_the_host_was_gone(bool killed)
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<IReminderGrain>("a").RegisterAsync("r", 3 * Minute, 10 * Minute);
        await (killed ? host.KillAndRestartAsync() : host.RestartAsync());
        Assert.Equal("r", await host.Grain<IReminderGrain>("a").NamesAsync());
        Assert.False(_gates.IsOpen("r"));

        _time.Advance(3 * Minute);

        await _gates.OpenedAsync("r at 12:03");
    }

    [ManualTimeFact]
    public async Task A_reminder_that_was_due_while_the_host_was_down_comes_at_its_start()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<IReminderGrain>("a").RegisterAsync("r", 3 * Minute, 10 * Minute);
        await host.StopAsync();
        _time.Advance(5 * Minute);

        await host.RestartAsync();
        _time.Advance(TimeSpan.Zero);

        await _gates.OpenedAsync("r at 12:05");
        _time.Advance(8 * Minute);
        await _gates.OpenedAsync("r at 12:13");
    }

    [ManualTimeFact]
    public async Task A_reminder_that_was_ended_comes_no_more_nor_after_a_restart()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<IReminderGrain>("a");
        await grain.RegisterAsync("r", Minute, Minute);
        await grain.RegisterAsync("s", Minute, Minute);
        Assert.True(await grain.UnregisterAsync("r"));
        Assert.False(await grain.UnregisterAsync("r"));

        _time.Advance(Minute);
        await _gates.OpenedAsync("s");
        await host.RestartAsync();

        Assert.Equal("s", await host.Grain<IReminderGrain>("a").NamesAsync());
        Assert.False(_gates.IsOpen("r"));
    }

    [ManualTimeFact]
    public async Task A_reminder_registered_again_has_its_new_time_only()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        var grain = host.Grain<IReminderGrain>("a");
        await grain.RegisterAsync("r", Minute, Minute);
        await grain.RegisterAsync("r", 5 * Minute, 60 * Minute);

        _time.Advance(4 * Minute);
        Assert.False(_gates.IsOpen("r"));
        _time.Advance(Minute);
        await _gates.OpenedAsync("r at 12:05");
        _time.Advance(30 * Minute);

        Assert.Equal("r", await grain.NamesAsync());
        Assert.Equal(1, _gates.Count("r"));
    }

    [ManualTimeFact]
    public async Task A_reminder_that_fails_comes_again_with_its_period()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await host.Grain<IReminderGrain>("a").RegisterAsync("fail", Minute, Minute);
        _time.Advance(Minute);
        await _gates.OpenedAsync("fail at 12:01");
        // Its delivery is over once the grain answers another call.
        await host.Grain<IReminderGrain>("a").NamesAsync();

        for (var minute = 2; !_gates.IsOpen("fail 2"); minute++)
        {
            Assert.True(minute < 30);
            _time.Advance(Minute);
            await host.Grain<IReminderGrain>("a").NamesAsync();
        }
    }

    [ManualTimeFact]
    public async Task A_reminder_does_not_pile_up_behind_one_that_is_still_running()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, options => options.ResponseTimeout = TimeSpan.FromDays(1), _time);
        await host.Grain<IReminderGrain>("a").RegisterAsync("hold", Minute, Minute);
        _time.Advance(Minute);
        await _gates.OpenedAsync("hold");
        _time.Advance(5 * Minute);

        _gates.Open("go on");
        await host.Grain<IReminderGrain>("a").NamesAsync();

        Assert.Equal(1, _gates.Count("hold"));
    }

    [ManualTimeFact]
    public async Task More_reminders_than_come_at_a_time_all_come()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number => host.Grain<IReminderGrain>($"{number}").RegisterAsync("r", Minute, 60 * Minute)));

        _time.Advance(Minute);

        await _gates.OpenedAsync("r 500");
    }

    [ManualTimeFact]
    public async Task A_period_below_the_least_is_refused_and_the_least_may_be_lowered()
    {
        var period = TimeSpan.FromSeconds(1);
        await using (var host = await GrainHostFixture.StartAsync(_gates, time: _time))
            await Assert.ThrowsAsync<ArgumentException>(() => host.Grain<IReminderGrain>("a").RegisterAsync("r", period, period));
        await using (var host = await GrainHostFixture.StartAsync(_gates, options => options.MinimumReminderPeriod = period, _time))
            await host.Grain<IReminderGrain>("a").RegisterAsync("r", period, period);
    }

    [ManualTimeFact]
    public async Task A_grain_that_receives_no_reminders_cannot_register_one()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, time: _time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IUnremindableGrain>("a").RegisterAsync());
    }
}
