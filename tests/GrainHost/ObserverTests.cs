using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Orleans.Utilities;

namespace CapifOrleans.GrainHost.Tests;

public sealed class ObserverTests
{
    [Alias("test.IListener")]
    public interface IListener : IGrainObserver
    {
        [Alias("Hear")]
        Task HearAsync(string what);

        [Alias("Ask")]
        Task<int> AskAsync(int number);
    }

    [Alias("test.ISpeakerGrain")]
    public interface ISpeakerGrain : IGrainWithStringKey
    {
        [Alias("Listen")]
        Task ListenAsync(string name, IListener listener);

        [Alias("Say")]
        Task SayAsync(string what);

        [Alias("Ask")]
        Task<int> AskAsync(IListener listener, int number);

        [Alias("Count")]
        Task<int> CountAsync();
    }

    [GrainType("speaker")]
    public sealed class SpeakerGrain(TimeProvider time) : Grain, ISpeakerGrain
    {
        private readonly ObserverManager<string, IListener> _listeners = new(TimeSpan.FromMinutes(5), NullLogger.Instance)
        {
            GetDateTime = () => time.GetUtcNow().UtcDateTime,
        };

        public Task ListenAsync(string name, IListener listener)
        {
            _listeners.Subscribe(name, listener);
            return Task.CompletedTask;
        }

        public Task SayAsync(string what) => _listeners.Notify(one => one.HearAsync(what));

        public Task<int> AskAsync(IListener listener, int number) => listener.AskAsync(number);

        public Task<int> CountAsync() => Task.FromResult(_listeners.Count);
    }

    private sealed class Listener : IListener
    {
        public List<string> Heard { get; } = [];

        public async Task HearAsync(string what)
        {
            await Task.Yield();
            Heard.Add(what);
        }

        public Task<int> AskAsync(int number) => number > 0 ? Task.FromResult(number + 1) : throw new WrongNumberException(number);
    }

    [Fact]
    public async Task An_observer_hears_what_a_grain_says_in_order()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var listener = new Listener();
        var speaker = host.Grain<ISpeakerGrain>("a");
        await speaker.ListenAsync("me", host.Grains.CreateObjectReference<IListener>(listener));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => speaker.SayAsync($"{number}")));

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"{number}"), listener.Heard);
    }

    [Fact]
    public async Task An_observer_answers_and_its_faults_come_back()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var listener = new Listener();
        var reference = host.Grains.CreateObjectReference<IListener>(listener);

        Assert.Equal(8, await host.Grain<ISpeakerGrain>("a").AskAsync(reference, 7));
        await Assert.ThrowsAsync<WrongNumberException>(() => host.Grain<ISpeakerGrain>("a").AskAsync(reference, -1));
        GC.KeepAlive(listener);
    }

    [EmbeddedFact("Orleans lets a call to an ended reference run into its timeout.")]
    public async Task A_deleted_reference_fails_its_callers_and_is_dropped()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var listener = new Listener();
        var reference = host.Grains.CreateObjectReference<IListener>(listener);
        var speaker = host.Grain<ISpeakerGrain>("a");
        await speaker.ListenAsync("me", reference);

        host.Grains.DeleteObjectReference<IListener>(reference);
        Assert.Throws<ArgumentException>(() => host.Grains.DeleteObjectReference<IListener>(listener));

        await Assert.ThrowsAsync<OrleansException>(() => speaker.AskAsync(reference, 1));
        await speaker.SayAsync("nobody");
        Assert.Equal(0, await speaker.CountAsync());
        Assert.Empty(listener.Heard);
    }

    [ManualTimeFact]
    public async Task An_observer_that_is_not_seen_again_is_dropped()
    {
        var time = new Testing.ManualTimeProvider();
        await using var host = await GrainHostFixture.StartAsync(time: time);
        var listener = new Listener();
        var speaker = host.Grain<ISpeakerGrain>("a");
        await speaker.ListenAsync("me", host.Grains.CreateObjectReference<IListener>(listener));
        time.Advance(TimeSpan.FromMinutes(6));

        await speaker.SayAsync("late");

        Assert.Equal(0, await speaker.CountAsync());
        Assert.Empty(listener.Heard);
    }
}
