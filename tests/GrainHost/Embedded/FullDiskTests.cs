using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.GrainHost.Tests.Embedded;

public sealed class FullDiskTests
{
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
