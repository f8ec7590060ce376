using System.Text.Json.Nodes;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>Deliveries: in order, at least once, and none held up by another's destination.</summary>
public sealed class DeliveryTests
{
    private static readonly CallerIdentity Amf = new() { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "domain" };

    [Fact]
    public async Task FailedTwice_IsDeliveredInOrder_OverHttps()
    {
        await using var capif = await CapifHost.StartAsync(configure: services => services
            .AddSingleton(new NotificationOptions { MaxRetryDelay = TimeSpan.FromMilliseconds(10) })
            .AddSingleton<INotificationSender, HttpNotificationSender>());
        await using var receiver = await HttpsReceiver.StartAsync(capif.Host.Services.GetRequiredService<ICertificateIssuer>());
        var requests = 0;
        receiver.Answer = http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref requests) <= 2 ? 500 : 204;
            return Task.CompletedTask;
        };
        await SubscribeAsync(capif, Amf, receiver.Address);
        await PublishAsync(capif, "1");
        await PublishAsync(capif, "2");
        await PublishAsync(capif, "3");
        var came = new List<string>();
        for (var index = 0; index < 5; index++)
            came.Add(InvokerOf((await receiver.NextAsync()).Body));
        Assert.Equal(["1", "1", "1", "2", "3"], came);
    }

    [Fact]
    public async Task HangingDestination_DelaysNeitherPublishersNorOthers()
    {
        await using var capif = await CapifHost.StartAsync();
        capif.Sender.Answer = destination => destination.Host == "hangs.test" ? new TaskCompletionSource<bool>().Task : Task.FromResult(true);
        var id = await SubscribeAsync(capif, Amf, new Uri("https://hangs.test/"));
        await SubscribeAsync(capif, Amf with { Id = "other" }, new Uri("https://well.test/"));
        foreach (var one in new[] { "1", "2", "3" })
        {
            await PublishAsync(capif, one);
            var (destination, json) = await capif.Sender.NextAsync();
            Assert.Equal("well.test", destination.Host);
            Assert.Equal(one, InvokerOf(json));
        }

        // The one that hangs can still be removed.
        Assert.Null((await capif.Host.Grain<IEventSubscriberGrain>(Amf.Id).UnsubscribeAsync(id, default)).Refusal);
        Assert.Null(await capif.Host.Grain<IEventSubscriptionGrain>(id).GetAsync(default));
    }

    [Fact]
    public async Task KilledInTheMiddle_GoesOnByItself_InOrder()
    {
        await using var capif = await CapifHost.StartAsync();
        var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        capif.Sender.Answer = _ =>
        {
            sending.TrySetResult();
            return new TaskCompletionSource<bool>().Task;
        };
        await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/"));
        await PublishAsync(capif, "1");
        await PublishAsync(capif, "2");
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(30));
        capif.Sender.Answer = _ => Task.FromResult(true);
        await capif.Host.KillAndRestartAsync();
        Assert.Equal("1", InvokerOf((await capif.Sender.NextAsync()).Json));
        Assert.Equal("2", InvokerOf((await capif.Sender.NextAsync()).Json));
    }

    [Fact]
    public async Task PublishedTwice_IsDeliveredOnce_AcrossARestart()
    {
        await using var capif = await CapifHost.StartAsync();
        await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/"));
        await PublishAsync(capif, "1");
        await PublishAsync(capif, "1");
        Assert.Equal("1", InvokerOf((await capif.Sender.NextAsync()).Json));
        await capif.Host.RestartAsync();
        await PublishAsync(capif, "1");
        await PublishAsync(capif, "2");
        Assert.Equal("2", InvokerOf((await capif.Sender.NextAsync()).Json));
        Assert.True(capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task TooOld_IsGivenUp_AndTheNextGoesOut()
    {
        var clock = new ShiftedTime();
        await using var capif = await CapifHost.StartAsync(clock, services => services.AddSingleton(new NotificationOptions { MaxRetryDelay = TimeSpan.Zero }));
        capif.Sender.Answer = _ =>
        {
            clock.By += TimeSpan.FromDays(2);
            capif.Sender.Answer = _ => Task.FromResult(true);
            return Task.FromResult(false);
        };
        await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/"));
        await PublishAsync(capif, "1");
        // The clock moved in the first attempt at the earliest, so what is published after it is young.
        while (clock.By == TimeSpan.Zero)
            await Task.Yield();
        await PublishAsync(capif, "2");
        Assert.Equal("2", InvokerOf((await capif.Sender.NextAsync()).Json));
    }

    [Fact]
    public async Task TooManyWaiting_TheOldestThatIsNotUnderWay_IsGivenUp()
    {
        await using var capif = await CapifHost.StartAsync(configure: services => services.AddSingleton(new NotificationOptions { MaxWaiting = 2 }));
        var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        capif.Sender.Answer = _ =>
        {
            sending.TrySetResult();
            return answer.Task;
        };
        await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/"));
        await PublishAsync(capif, "1");
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var one in new[] { "2", "3", "4" })
            await PublishAsync(capif, one);
        answer.SetResult(true);
        Assert.Equal("1", InvokerOf((await capif.Sender.NextAsync()).Json));
        Assert.Equal("4", InvokerOf((await capif.Sender.NextAsync()).Json));
    }

    [Fact]
    public async Task FaultWhileSending_DoesNotEndTheDeliveries()
    {
        await using var capif = await CapifHost.StartAsync(
            configure: services => services.AddSingleton(new NotificationOptions { MaxRetryDelay = TimeSpan.FromMilliseconds(1) }));
        capif.Sender.Answer = _ =>
        {
            capif.Sender.Answer = _ => Task.FromResult(true);
            throw new InvalidOperationException("Not of the destination's making.");
        };
        await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/"));
        await PublishAsync(capif, "1");
        Assert.Equal("1", InvokerOf((await capif.Sender.NextAsync()).Json));
    }

    [Fact]
    public async Task OneTime_IsOneNotification()
    {
        await using var capif = await CapifHost.StartAsync();
        await SubscribeAsync(
            capif, Amf, new Uri("https://once.test/"), subscription => subscription with { EventReq = new ReportingInformation { NotifMethod = NotificationMethod.OneTime } });
        await PublishAsync(capif, "1");
        Assert.Equal("1", InvokerOf((await capif.Sender.NextAsync()).Json));
        await PublishAsync(capif, "2");
        await SubscribeAsync(capif, Amf with { Id = "other" }, new Uri("https://always.test/"));
        await PublishAsync(capif, "3");
        Assert.Equal("always.test", (await capif.Sender.NextAsync()).Destination.Host);
        Assert.True(capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task OtherDomain_HearsNothingOfAnInvocation()
    {
        await using var capif = await CapifHost.StartAsync();
        EventSubscription OfInvocations(EventSubscription subscription) => subscription with { Events = [CapifEvent.ServiceApiInvocationSuccess] };
        await SubscribeAsync(capif, Amf with { Id = "stranger", ApiProvDomId = "elsewhere" }, new Uri("https://stranger.test/"), OfInvocations);
        await SubscribeAsync(capif, Amf, new Uri("https://owner.test/"), OfInvocations);
        await PendingEvents.Topic(capif.Host.Grains, CapifEvent.ServiceApiInvocationSuccess).PublishAsync(
            Occurrence("1") with { Event = CapifEvent.ServiceApiInvocationSuccess, ApiProvDomId = "domain" }, default);
        await PendingEvents.Topic(capif.Host.Grains, CapifEvent.ServiceApiInvocationSuccess).PublishAsync(
            Occurrence("2") with { Event = CapifEvent.ServiceApiInvocationSuccess, ApiProvDomId = "elsewhere" }, default);
        var came = new[] { await capif.Sender.NextAsync(), await capif.Sender.NextAsync() }.ToDictionary(one => one.Destination.Host, one => InvokerOf(one.Json));
        Assert.Equal("1", came["owner.test"]);
        Assert.Equal("2", came["stranger.test"]);
    }

    [Fact]
    public async Task Subscriptions_AreBounded_AndUnknownOnesNotFound()
    {
        await using var capif = await CapifHost.StartAsync();
        var ids = new List<string>();
        for (var index = 0; index < 100; index++)
            ids.Add(await SubscribeAsync(capif, Amf, new Uri("https://receiver.test/")));
        var subscriber = capif.Host.Grain<IEventSubscriberGrain>(Amf.Id);
        Assert.Equal(ErrorKind.TooMany, (await subscriber.SubscribeAsync(Amf, Subscription(new Uri("https://receiver.test/")), default)).Refusal?.Kind);
        Assert.Equal(ErrorKind.NotFound, (await capif.Host.Grain<IEventSubscriberGrain>("other").UnsubscribeAsync(ids[0], default)).Refusal?.Kind);
        Assert.Equal(ErrorKind.NotFound, (await subscriber.UpdateAsync("unknown", Subscription(new Uri("https://receiver.test/")), default)).Refusal?.Kind);
        await subscriber.RemoveAllAsync(default);
        Assert.False(await PendingEvents.Topic(capif.Host.Grains, CapifEvent.ApiInvokerOnboarded).HasSubscribersAsync(default));
        await PublishAsync(capif, "1");
        Assert.True(capif.Sender.IsEmpty);
    }

    private static EventSubscription Subscription(Uri destination) => new()
    {
        Events = [CapifEvent.ApiInvokerOnboarded],
        NotificationDestination = destination.AbsoluteUri,
        SupportedFeatures = SupportedFeatures.Of(3),
    };

    private static async Task<string> SubscribeAsync(
        CapifHost capif, CallerIdentity subscriber, Uri destination, Func<EventSubscription, EventSubscription>? change = null)
    {
        var subscription = Subscription(destination);
        var outcome = await capif.Host.Grain<IEventSubscriberGrain>(subscriber.Id).SubscribeAsync(subscriber, change?.Invoke(subscription) ?? subscription, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.SubscriptionId;
    }

    private static EventOccurrence Occurrence(string id) => new()
    {
        EventId = id,
        Event = CapifEvent.ApiInvokerOnboarded,
        OccurredAt = DateTimeOffset.UnixEpoch,
        ApiInvokerIds = [id],
        Detail = new CapifEventDetail { ApiInvokerIds = [id] },
    };

    private static Task PublishAsync(CapifHost capif, string id) =>
        PendingEvents.Topic(capif.Host.Grains, CapifEvent.ApiInvokerOnboarded).PublishAsync(Occurrence(id), default).WaitAsync(TimeSpan.FromSeconds(30));

    private static string InvokerOf(string json) => JsonNode.Parse(json)!["eventDetail"]!["apiInvokerIds"]![0]!.GetValue<string>();

    /// <summary>The system's clock and timers, but so much later.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan By
        {
            get => new(Interlocked.Read(ref _ticks));
            set => Interlocked.Exchange(ref _ticks, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
