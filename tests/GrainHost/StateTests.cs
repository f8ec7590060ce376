using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
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
    [InlineData("UPDATE state SET version=version+1, data=CAST('{\"Text\":\"theirs\"}' AS BLOB)", "theirs")]
    [InlineData("DELETE FROM state", null)]
    public async Task A_write_over_what_somebody_else_wrote_is_refused_and_the_next_call_reads_anew(string meanwhile, string? then)
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        await notes.WriteAsync("mine");
        await Database(host).WriteAsync(session => session.Execute(meanwhile));

        var refused = await Assert.ThrowsAsync<InconsistentStateException>(() => notes.WriteAsync("mine again"));

        Assert.Equal("1", refused.CurrentEtag);
        Assert.NotEqual(refused.CurrentEtag, refused.StoredEtag);
        Assert.Equal(then, await notes.ReadAsync());
        await notes.WriteAsync("mine at last");
        Assert.Equal("mine at last", await notes.ReadAnewAsync());
    }

    [Fact]
    public async Task A_first_write_where_somebody_else_was_first_is_refused()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var notes = host.Grain<INotesGrain>("a");
        Assert.Null(await notes.ReadAsync());
        await Database(host).WriteAsync(session => session.Execute("INSERT INTO state VALUES('notes','a','notes',1,CAST('{\"Text\":\"theirs\"}' AS BLOB))"));

        await Assert.ThrowsAsync<InconsistentStateException>(() => notes.WriteAsync("mine"));

        Assert.Equal("theirs", await notes.ReadAsync());
    }

    [Fact]
    public async Task A_write_that_the_disk_refuses_is_a_fault_and_leaves_what_was_there()
    {
        await using var host = await GrainHostFixture.StartAsync();
        await host.Grain<INotesGrain>("a").WriteAsync("small");
        // As good as a full disk: the file may not grow.
        await Database(host).WriteAsync(session => session.Execute("PRAGMA max_page_count=1"));

        await Assert.ThrowsAsync<IOException>(() => host.Grain<INotesGrain>("a").WriteAsync(new string('x', 1_000_000)));

        Assert.Equal("small", await host.Grain<INotesGrain>("a").ReadAnewAsync());
        await Database(host).WriteAsync(session => session.Execute("PRAGMA max_page_count=1000000"));
        await host.Grain<INotesGrain>("a").WriteAsync("small again");
        await host.KillAndRestartAsync();
        Assert.Equal("small again", await host.Grain<INotesGrain>("a").ReadAsync());
    }

    private static SqliteDatabase Database(TestGrainHost host) => host.Services.GetRequiredService<SqliteDatabase>();
}
