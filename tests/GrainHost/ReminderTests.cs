using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapifOrleans.GrainHost.Tests;

public sealed class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Gates _gates = new();
    // Stands at 12:00.
    private readonly ManualTimeProvider _time = new();

    private Task<TestGrainHost> StartAsync(Action<GrainHostTuning>? configure = null) =>
        GrainHostFixture.StartAsync(_gates, configure, _time, services => services.AddLogging(logging =>
            logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new ReminderDeliveries(_gates))));

    [ManualTimeFact]
    public async Task A_reminder_comes_when_due_and_keeps_its_phase()
    {
        await using var host = await StartAsync();
        await host.Grain<IReminderGrain>("a").RegisterAsync("r", 3 * Minute, 10 * Minute);
        _time.Advance(2 * Minute);
        Assert.False(_gates.IsOpen("r"));
        _time.Advance(Minute);
        await _gates.OpenedAsync("r at 12:03");
        await _gates.OpenedAsync("r is over");

        _time.Advance(10 * Minute);

        await _gates.OpenedAsync("r at 12:13");
    }

    [ManualTimeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reminder_is_there_after_the_host_was_gone(bool killed)
    {
        await using var host = await StartAsync();
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
        await using var host = await StartAsync();
        await host.Grain<IReminderGrain>("a").RegisterAsync("r", 3 * Minute, 10 * Minute);
        await host.StopAsync();
        _time.Advance(5 * Minute);

        await host.RestartAsync();
        _time.Advance(TimeSpan.Zero);

        await _gates.OpenedAsync("r at 12:05");
        await _gates.OpenedAsync("r is over");
        _time.Advance(8 * Minute);
        await _gates.OpenedAsync("r at 12:13");
    }

    [ManualTimeFact]
    public async Task A_reminder_that_was_ended_comes_no_more_nor_after_a_restart()
    {
        await using var host = await StartAsync();
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
        await using var host = await StartAsync();
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
        await using var host = await StartAsync();
        await host.Grain<IReminderGrain>("a").RegisterAsync("fail", Minute, Minute);
        _time.Advance(Minute);
        await _gates.OpenedAsync("fail at 12:01");
        await _gates.OpenedAsync("fail is over");

        _time.Advance(Minute);

        await _gates.OpenedAsync("fail at 12:02");
    }

    [ManualTimeFact]
    public async Task A_reminder_does_not_pile_up_behind_one_that_is_still_running()
    {
        await using var host = await StartAsync(options => options.ResponseTimeout = TimeSpan.FromDays(1));
        await host.Grain<IReminderGrain>("a").RegisterAsync("hold", Minute, Minute);
        _time.Advance(Minute);
        await _gates.OpenedAsync("hold");
        _time.Advance(5 * Minute);

        _gates.Open("go on");
        await _gates.OpenedAsync("hold is over");
        await host.Grain<IReminderGrain>("a").NamesAsync();

        Assert.Equal(1, _gates.Count("hold"));
    }

    [ManualTimeFact]
    public async Task More_reminders_than_come_at_a_time_all_come()
    {
        await using var host = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number => host.Grain<IReminderGrain>($"{number}").RegisterAsync("r", Minute, 60 * Minute)));

        _time.Advance(Minute);

        await _gates.OpenedAsync("r 500");
    }

    [ManualTimeFact]
    public async Task A_period_below_the_least_is_refused_and_the_least_may_be_lowered()
    {
        var period = TimeSpan.FromSeconds(1);
        await using (var host = await StartAsync())
            await Assert.ThrowsAsync<ArgumentException>(() => host.Grain<IReminderGrain>("a").RegisterAsync("r", period, period));
        await using (var host = await StartAsync(options => options.MinimumReminderPeriod = period))
            await host.Grain<IReminderGrain>("a").RegisterAsync("r", period, period);
    }

    [ManualTimeFact]
    public async Task A_grain_that_receives_no_reminders_cannot_register_one()
    {
        await using var host = await StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IUnremindableGrain>("a").RegisterAsync());
    }
}
