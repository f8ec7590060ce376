using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Enrolment;

/// <summary>A password that was right is known again for a minute, and no other.</summary>
public sealed class RecentPasswordTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void KnownForAMinute_AndNoOtherOne()
    {
        var recent = new RecentPassword(_time);
        Assert.False(recent.Is("right"));
        recent.Remember("right");
        Assert.True(recent.Is("right"));
        Assert.False(recent.Is("wrong"));
        Assert.True(recent.Is("right"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(recent.Is("right"));
    }

    [Fact]
    public void Forgotten_IsNotKnown()
    {
        var recent = new RecentPassword(_time);
        recent.Remember("right");
        recent.Forget();
        Assert.False(recent.Is("right"));
        Assert.False(recent.Is(""));
    }

    [Fact]
    public async Task RemovedAccount_ItsPasswordIsGoodForNothing()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("acme");
        Assert.Null((await host.LogInAsync("acme")).Refusal);
        Assert.Null((await host.User("acme").RemoveAsync(null, default)).Refusal);
        Assert.NotNull((await host.LogInAsync("acme")).Refusal);
        Assert.Null((await host.CreateAsync("acme", "quite another password")).Refusal);
        Assert.NotNull((await host.LogInAsync("acme")).Refusal);
    }
}
