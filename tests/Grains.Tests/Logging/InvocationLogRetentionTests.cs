using CapifOrleans.Grains.Logging;
using CapifOrleans.Grains.Tests.AccessControl;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Logging;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Logging;

/// <summary>How long invocation logs are kept (23.222 AR-4.7.2-b, Annex E).</summary>
public sealed class InvocationLogRetentionTests
{
    [Fact]
    public async Task Hours_AreOfTheServiceApi_ElseOfAllOthers_AndOutliveAKill_23222_AnnexE()
    {
        await using var host = await PolicyHost.StartAsync(services => services.AddSingleton(new InvocationLogOptions { RetentionHours = 48 }));
        var retention = host.Capif.Host.Grain<IInvocationLogRetentionGrain>("retention");
        var forever = await host.PublishAsync("forever");

        Assert.Null((await retention.SetAsync(host.ApiId, 2, default)).Refusal);
        Assert.Null((await retention.SetAsync(forever, null, default)).Refusal);
        await host.Capif.Host.KillAndRestartAsync();
        retention = host.Capif.Host.Grain<IInvocationLogRetentionGrain>("retention");

        var listed = (await retention.ListAsync(default)).ToDictionary(one => one.ApiId ?? "", one => one.Hours);
        Assert.Equal((48, 2, null), (listed[""], listed[host.ApiId], listed[forever]));
        await retention.PurgeAsync(default);
        var bounds = ((MemoryInvocationLogStore)host.Capif.Host.Services.GetRequiredService<IInvocationLogStore>()).Purges.Single();
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(bounds.IsOver(host.ApiId, now.AddHours(-3)));
        Assert.False(bounds.IsOver(host.ApiId, now.AddHours(-1)));
        Assert.False(bounds.IsOver(forever, now.AddYears(-50)));
        Assert.True(bounds.IsOver("other", now.AddHours(-49)));
        Assert.False(bounds.IsOver("other", now.AddHours(-47)));
        Assert.Null((await retention.RemoveAsync(host.ApiId, default)).Refusal);
        Assert.Equal(2, (await retention.ListAsync(default)).Length);
    }

    [Fact]
    public async Task NothingSet_KeepsEverything()
    {
        var none = new RetentionBounds { ByApi = System.Collections.Immutable.ImmutableDictionary<string, DateTimeOffset?>.Empty, Requests = default };
        Assert.Null(none.Latest);
        Assert.False(none.IsOver("api", DateTimeOffset.MinValue));
        await using var host = await PolicyHost.StartAsync();
        Assert.Null(Assert.Single(await host.Capif.Host.Grain<IInvocationLogRetentionGrain>("retention").ListAsync(default)).Hours);
    }

    [Fact]
    public async Task WrongRetention_IsRefused()
    {
        await using var host = await PolicyHost.StartAsync();
        var retention = host.Capif.Host.Grain<IInvocationLogRetentionGrain>("retention");

        Assert.Equal("hours", (await retention.SetAsync(host.ApiId, 0, default)).Refusal?.InvalidParams.Single().Param);
        Assert.Equal("hours", (await retention.SetAsync(host.ApiId, 876_601, default)).Refusal?.InvalidParams.Single().Param);
        Assert.Equal(ErrorKind.NotFound, (await retention.SetAsync("nothing", 1, default)).Refusal?.Kind);
        Assert.Equal("RETENTION_NOT_FOUND", (await retention.RemoveAsync(host.ApiId, default)).Refusal?.Cause);
    }
}
