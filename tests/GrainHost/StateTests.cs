using CapifOrleans.GrainHost.Tests.Grains;
using Orleans.Storage;

namespace CapifOrleans.GrainHost.Tests;

public sealed class StateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Written_state_is_there_after_the_host_was_gone(bool killed)
    {
        await using var host = await GrainHostFixture.StartAsync();
        await host.Grain<INotesGrain>("a").WriteAsync("kept");

        await (killed ? host.KillAndRestartAsync() : host.RestartAsync());

        Assert.Equal("kept", await host.Grain<INotesGrain>("a").ReadAsync());
        Assert.True(await host.Grain<INotesGrain>("a").IsRecordedAsync());
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

    [Fact]
    public async Task Every_write_has_a_new_version()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        var versions = new List<string?> { await notes.EtagAsync() };
        for (var write = 0; write < 3; write++)
        {
            await notes.WriteAsync("text");
            versions.Add(await notes.EtagAsync());
        }

        Assert.Null(versions[0]);
        Assert.Equal(4, versions.Distinct().Count());
    }

    [Theory]
    [InlineData("theirs")]
    [InlineData(null)]
    public async Task A_write_over_what_somebody_else_wrote_or_deleted_is_refused_and_the_next_call_reads_anew(string? theirs)
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        await notes.WriteAsync("mine");
        await StateTampering.OverwriteAsync(host, theirs);

        await Assert.ThrowsAsync<InconsistentStateException>(() => notes.WriteAsync("mine again"));

        Assert.Equal(theirs, await notes.ReadAsync());
        await notes.WriteAsync("mine at last");
        Assert.Equal("mine at last", await notes.ReadAnewAsync());
    }

    [Fact]
    public async Task A_first_write_where_somebody_else_was_first_is_refused()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        Assert.Null(await notes.ReadAsync());
        await host.Grain<INotesGrain>("b").WriteAsync("theirs");
        await StateTampering.CopyAsync(host, "b", "a");

        await Assert.ThrowsAsync<InconsistentStateException>(() => notes.WriteAsync("mine"));

        Assert.Equal("theirs", await notes.ReadAsync());
    }

    [Fact]
    public async Task Keys_that_read_alike_as_numbers_or_identifiers_are_different_grains()
    {
        await using var host = await GrainHostFixture.StartAsync();
        string[] keys = ["a", "A", "0a", "0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF"];
        foreach (var key in keys)
            await host.Grain<INotesGrain>(key).WriteAsync($"of {key}");

        await host.RestartAsync();

        foreach (var key in keys)
            Assert.Equal($"of {key}", await host.Grain<INotesGrain>(key).ReadAsync());
    }
}
