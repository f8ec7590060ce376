using CapifOrleans.Exposure;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.InvokerManagement;

namespace CapifOrleans.Grains.Tests.Exposure;

/// <summary>What is on record of an AEF's duties (33.122 6.8 steps 7 to 10).</summary>
public sealed class AefGrainTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Revocation_IsDurable_AndAcknowledgedOnce_ByItsEventOnly()
    {
        await using var host = await InvokerHost.StartAsync();
        var start = host.Host.Time.GetUtcNow();
        await Aef(host).InvokerOffboardedAsync(Revocation(host, "a"), default);
        await Aef(host).AcknowledgeAsync("a", "another event", default);
        await host.Host.KillAndRestartAsync();
        Assert.Null((await Aef(host).GetRevocationAsync("a", default))!.AcknowledgedAt);
        await Aef(host).AcknowledgeAsync("a", "event of a", default);
        host.Host.Time.Advance(TimeSpan.FromSeconds(5));
        await Aef(host).AcknowledgeAsync("a", "event of a", default);
        await host.Host.KillAndRestartAsync();
        Assert.Equal(start, (await Aef(host).GetRevocationAsync("a", default))!.AcknowledgedAt);
    }

    [Fact]
    public async Task Revocation_IsDropped_WhenNothingOfTheInvokerCanBeValid_AndItIsAcknowledged()
    {
        await using var host = await InvokerHost.StartAsync();
        await Aef(host).InvokerOffboardedAsync(Revocation(host, "acknowledged"), default);
        await Aef(host).InvokerOffboardedAsync(Revocation(host, "silent"), default);
        await Aef(host).AcknowledgeAsync("acknowledged", "event of acknowledged", default);
        host.Host.Time.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.NotNull(await Aef(host).GetRevocationAsync("acknowledged", default));
        host.Host.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await Aef(host).GetRevocationAsync("acknowledged", default));
        Assert.NotNull(await Aef(host).GetRevocationAsync("silent", default));
        host.Host.Time.Advance(TimeSpan.FromDays(7));
        Assert.Null(await Aef(host).GetRevocationAsync("silent", default));
    }

    [Fact]
    public async Task FailedWrite_IsTriedAgain()
    {
        await using var host = await InvokerHost.StartAsync();
        host.Storage.BreakAfter(0);
        await StorageFault.EndsAsync(() => Aef(host).InvokerOffboardedAsync(Revocation(host, "a"), default));
        host.Storage.Mend();
        await Aef(host).InvokerOffboardedAsync(Revocation(host, "a"), default);
        await host.Host.KillAndRestartAsync();
        Assert.NotNull(await Aef(host).GetRevocationAsync("a", default));
    }

    private static IAefGrain Aef(InvokerHost host) => host.Host.Grain<IAefGrain>("aef");

    private static InvokerRevocation Revocation(InvokerHost host, string apiInvokerId) => new()
    {
        ApiInvokerId = apiInvokerId,
        EventId = "event of " + apiInvokerId,
        RevokedAt = host.Host.Time.GetUtcNow(),
        KeepUntil = host.Host.Time.GetUtcNow() + Lifetime,
    };
}
