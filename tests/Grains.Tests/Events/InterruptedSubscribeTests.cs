using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.InvokerManagement;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>A subscription whose making was interrupted: nobody knows its identifier, so it must go by itself.</summary>
public sealed class InterruptedSubscribeTests
{
    private static readonly CallerIdentity Amf = new() { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "domain" };

    private static EventSubscription Subscription => new()
    {
        Events = [CapifEvent.ApiInvokerOnboarded],
        NotificationDestination = "https://receiver.test/",
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Interrupted_IsNotCountedToTheBound_NorNotified(int writes)
    {
        var storage = new BreakableStorage();
        await using var capif = await CapifHost.StartAsync(configure: services => services
            .AddSingleton<GrainStateSerializer>()
            .AddSingleton<IGrainStorageSerializer>(provider => storage.Over(provider.GetRequiredService<GrainStateSerializer>())));
        var subscriber = capif.Host.Grain<IEventSubscriberGrain>(Amf.Id);
        storage.BreakAfter(writes);
        await Assert.ThrowsAnyAsync<Exception>(() => subscriber.SubscribeAsync(Amf, Subscription, default));
        Assert.True(storage.Refused);
        storage.Mend();
        await capif.Host.KillAndRestartAsync();
        subscriber = capif.Host.Grain<IEventSubscriberGrain>(Amf.Id);
        for (var index = 0; index < 100; index++)
            Assert.Null((await subscriber.SubscribeAsync(Amf, Subscription, default)).Refusal);
        Assert.Equal(ErrorKind.TooMany, (await subscriber.SubscribeAsync(Amf, Subscription, default)).Refusal?.Kind);
        await PendingEvents.Topic(capif.Host.Grains, CapifEvent.ApiInvokerOnboarded).PublishAsync(
            new EventOccurrence { EventId = "1", Event = CapifEvent.ApiInvokerOnboarded, OccurredAt = DateTimeOffset.UnixEpoch }, default);
        for (var index = 0; index < 100; index++)
            await capif.Sender.NextAsync();
        Assert.True(capif.Sender.IsEmpty);
    }
}
