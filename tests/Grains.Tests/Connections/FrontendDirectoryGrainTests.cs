using CapifOrleans.Connections;
using CapifOrleans.Grains.Tests.InvokerManagement;
using Orleans;

namespace CapifOrleans.Grains.Tests.Connections;

/// <summary>The directory of frontends, through which connections are closed (33.122 6.8 step 6).</summary>
public sealed class FrontendDirectoryGrainTests
{
    [Fact]
    public async Task EveryFrontendIsTold_ExceptOneThatLeft_AndOneNotHeardOfForFiveMinutes()
    {
        await using var host = await InvokerHost.StartAsync();
        var (here, left, silent) = (new Frontend(), new Frontend(), new Frontend());
        await RegisterAsync(host, "silent", silent);
        host.Host.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(1));
        await RegisterAsync(host, "here", here);
        await RegisterAsync(host, "left", left);
        await Directory(host).UnregisterAsync("left", default);
        await Directory(host).CloseConnectionsAsync("a", default);
        Assert.Equal((1, 0, 0), (here.Calls, left.Calls, silent.Calls));
    }

    [Fact]
    public async Task OneThatFails_IsForgotten_UntilItRegistersAgain_AndHoldsUpNoOther()
    {
        await using var host = await InvokerHost.StartAsync();
        var (broken, sound) = (new Frontend { Answer = Task.FromException(new IOException("gone")) }, new Frontend());
        await RegisterAsync(host, "broken", broken);
        await RegisterAsync(host, "sound", sound);
        await Directory(host).CloseConnectionsAsync("a", default);
        await Directory(host).CloseConnectionsAsync("b", default);
        Assert.Equal((1, 2), (broken.Calls, sound.Calls));
        broken.Answer = Task.CompletedTask;
        await RegisterAsync(host, "broken", broken);
        await Directory(host).CloseConnectionsAsync("c", default);
        Assert.Equal((2, 3), (broken.Calls, sound.Calls));
    }

    [Fact]
    public async Task OneThatHangs_IsWaitedForABoundedTime()
    {
        await using var host = await InvokerHost.StartAsync();
        var (hanging, sound) = (new Frontend { Answer = new TaskCompletionSource().Task }, new Frontend());
        await RegisterAsync(host, "hanging", hanging);
        await RegisterAsync(host, "sound", sound);
        var closing = Directory(host).CloseConnectionsAsync("a", default);
        // The second is called once the wait for the first has begun.
        await sound.Called;
        host.Host.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(closing.IsCompleted);
        host.Host.Time.Advance(TimeSpan.FromTicks(1));
        await closing;
        // The clock may have run past the other's answer as well.
        await RegisterAsync(host, "sound", sound);
        await Directory(host).CloseConnectionsAsync("b", default);
        Assert.Equal((1, 2), (hanging.Calls, sound.Calls));
    }

    private static IFrontendDirectoryGrain Directory(InvokerHost host) => host.Host.Grain<IFrontendDirectoryGrain>("frontends");

    private static Task RegisterAsync(InvokerHost host, string id, Frontend frontend) =>
        Directory(host).RegisterAsync(id, ((IClusterClient)host.Host.Grains).CreateObjectReference<IFrontendObserver>(frontend), default);

    private sealed class Frontend : IFrontendObserver
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Answer { get; set; } = Task.CompletedTask;

        public int Calls { get; private set; }

        public Task Called => _called.Task;

        public Task CloseConnectionsAsync(string id)
        {
            Calls++;
            _called.TrySetResult();
            return Answer;
        }
    }
}
