using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests;

public sealed class StateTests
{
    [Fact]
    public async Task Written_state_is_there_after_a_restart()
    {
        await using var host = await GrainHostFixture.StartAsync();
        await host.Grain<INotesGrain>("a").WriteAsync("kept");

        await host.RestartAsync();

        Assert.Equal("kept", await host.Grain<INotesGrain>("a").ReadAsync());
        Assert.True(await host.Grain<INotesGrain>("a").IsRecordedAsync());
    }

    [Fact]
    public async Task Written_state_is_there_after_a_kill()
    {
        await using var host = await GrainHostFixture.StartAsync();
        await host.Grain<INotesGrain>("a").WriteAsync("kept");

        await host.KillAndRestartAsync();

        Assert.Equal("kept", await host.Grain<INotesGrain>("a").ReadAsync());
    }

    [Fact]
    public async Task Cleared_state_is_a_new_one_and_has_no_record()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        await notes.WriteAsync("gone");

        await notes.ClearAsync();

        Assert.Null(await notes.ReadAsync());
        Assert.False(await notes.IsRecordedAsync());
        await host.RestartAsync();
        Assert.False(await host.Grain<INotesGrain>("a").IsRecordedAsync());
    }
}
