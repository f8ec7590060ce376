using System.Collections.Immutable;
using System.Threading.Channels;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>Delivery over a websocket's channel (29.122 5.2.5.4), with the test in the frontend's place.</summary>
public sealed class NotificationChannelTests : IAsyncLifetime
{
    private readonly ImmutableArray<byte> _json = [.. "{}"u8];
    private CapifHost _capif = null!;

    private INotificationChannelGrain Channel => _capif.Host.Grain<INotificationChannelGrain>("channel");

    public async Task InitializeAsync() => _capif = await CapifHost.StartAsync(
        configure: services => services.AddSingleton(new NotificationOptions { AttemptTimeout = TimeSpan.FromMilliseconds(500) }));

    public Task DisposeAsync() => _capif.DisposeAsync().AsTask();

    [Fact]
    public async Task Unacknowledged_IsSentAgainUnderTheSameNumber_AndTheNextUnderTheNext_AcrossARestart()
    {
        await Channel.OpenAsync("amf", default);
        var client = new Client();
        Assert.True(await Channel.AttachAsync("amf", "1", Reference(client), default));
        Assert.False(await Channel.DeliverAsync("first", _json, default));
        Assert.Equal(1, await client.NextAsync());
        await _capif.Host.RestartAsync();
        client.Acknowledge = sequence => Channel.AcknowledgeAsync("2", sequence, true, default);
        Assert.True(await Channel.AttachAsync("amf", "2", Reference(client), default));
        Assert.True(await Channel.DeliverAsync("first", _json, default));
        Assert.Equal(1, await client.NextAsync());
        Assert.True(await Channel.DeliverAsync("second", _json, default));
        Assert.Equal(2, await client.NextAsync());
    }

    [Fact]
    public async Task RefusedByTheClient_IsNotTaken()
    {
        await Channel.OpenAsync("amf", default);
        var client = new Client { Acknowledge = sequence => Channel.AcknowledgeAsync("1", sequence, false, default) };
        await Channel.AttachAsync("amf", "1", Reference(client), default);
        Assert.False(await Channel.DeliverAsync("first", _json, default));
    }

    [Fact]
    public async Task Stranger_MayNotConnect_NorAnybodyOnceItIsClosed()
    {
        await Channel.OpenAsync("amf", default);
        Assert.False(await Channel.AttachAsync("stranger", "1", Reference(new Client()), default));
        var client = new Client();
        Assert.True(await Channel.AttachAsync("amf", "1", Reference(client), default));
        await Channel.CloseAsync(default);
        await client.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(await Channel.AttachAsync("amf", "1", Reference(client), default));
        Assert.False(await Channel.DeliverAsync("first", _json, default));
    }

    [Fact]
    public async Task LaterConnection_TakesThePlaceOfTheEarlier()
    {
        await Channel.OpenAsync("amf", default);
        var (first, second) = (new Client(), new Client { Acknowledge = sequence => Channel.AcknowledgeAsync("2", sequence, true, default) });
        await Channel.AttachAsync("amf", "1", Reference(first), default);
        await Channel.AttachAsync("amf", "2", Reference(second), default);
        await first.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(await Channel.DeliverAsync("first", _json, default));
        Assert.Equal(1, await second.NextAsync());
    }

    private INotificationChannelObserver Reference(Client client) => _capif.Host.Grains.CreateObjectReference<INotificationChannelObserver>(client);

    private sealed class Client : INotificationChannelObserver
    {
        private readonly Channel<int> _frames = System.Threading.Channels.Channel.CreateUnbounded<int>();

        public Func<int, Task>? Acknowledge { get; set; }

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SendAsync(int sequence, ImmutableArray<byte> json)
        {
            await _frames.Writer.WriteAsync(sequence);
            if (Acknowledge is { } acknowledge)
                _ = acknowledge(sequence);
        }

        public Task CloseAsync()
        {
            Closed.TrySetResult();
            return Task.CompletedTask;
        }

        public Task<int> NextAsync() => _frames.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
