using System.Text.Json.Nodes;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>Reporting information (29.222 5.4.2.2.2, 29.523 5.4.2.2) by a clock that the test moves.</summary>
public sealed class ReportingTests : IAsyncLifetime
{
    private static readonly CallerIdentity Amf = new() { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "domain" };
    private readonly ManualTimeProvider _time = new();
    private CapifHost _capif = null!;

    private IEventSubscriberGrain Subscriber => _capif.Host.Grain<IEventSubscriberGrain>(Amf.Id);

    public async Task InitializeAsync() => _capif = await CapifHost.StartAsync(_time);

    public Task DisposeAsync() => _capif.DisposeAsync().AsTask();

    [Fact]
    public async Task Periodic_ReportsAtTheEndOfEachPeriod_WhatHappenedInIt()
    {
        await SubscribeAsync(new ReportingInformation { NotifMethod = NotificationMethod.Periodic, RepPeriod = 60 });
        await PublishAsync("1", "2");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_capif.Sender.IsEmpty);
        _time.Advance(TimeSpan.FromSeconds(1));
        await NotifiedAsync("1", "2");
        await PublishAsync("3");
        _time.Advance(TimeSpan.FromSeconds(60));
        await NotifiedAsync("3");
    }

    [Fact]
    public async Task Periodic_SurvivesAKill_AndStillReports()
    {
        await SubscribeAsync(new ReportingInformation { NotifMethod = NotificationMethod.Periodic, RepPeriod = 60 });
        await PublishAsync("1");
        await _capif.Host.KillAndRestartAsync();
        _time.Advance(TimeSpan.FromMinutes(6));
        await NotifiedAsync("1");
    }

    [Fact]
    public async Task Group_IsReportedTogether_ATimeAfterItsFirst()
    {
        await SubscribeAsync(new ReportingInformation { GrpRepTime = 10 });
        await PublishAsync("1");
        _time.Advance(TimeSpan.FromSeconds(9));
        await PublishAsync("2");
        Assert.True(_capif.Sender.IsEmpty);
        _time.Advance(TimeSpan.FromSeconds(1));
        await NotifiedAsync("1", "2");
    }

    [Fact]
    public async Task MaxReportNbr_EndsReporting_UntilItIsSetAnew()
    {
        var id = await SubscribeAsync(new ReportingInformation { MaxReportNbr = 2 });
        await PublishAsync("1", "2", "3");
        await NotifiedAsync("1", "2");
        await UpdateAsync(id, new ReportingInformation { MaxReportNbr = 1 });
        await PublishAsync("4", "5");
        await NotifiedAsync("4");
        Assert.True(_capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task MonDur_EndsReporting()
    {
        await SubscribeAsync(new ReportingInformation { MonDur = CapifOrleans.Json.WireDateTime.Of(_time.GetUtcNow().AddMinutes(1)) });
        await PublishAsync("1");
        await NotifiedAsync("1");
        _time.Advance(TimeSpan.FromMinutes(1));
        await PublishAsync("2");
        Assert.True(_capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task Muted_KeepsUntilItIsRetrieved_AndUntilItIsActivated()
    {
        var id = await SubscribeAsync(new ReportingInformation { NotifFlag = NotificationFlag.Deactivate });
        await PublishAsync("1");
        Assert.True(_capif.Sender.IsEmpty);
        await UpdateAsync(id, new ReportingInformation { NotifFlag = NotificationFlag.Retrieval });
        await NotifiedAsync("1");
        await PublishAsync("2");
        Assert.True(_capif.Sender.IsEmpty);
        await UpdateAsync(id, new ReportingInformation { NotifFlag = NotificationFlag.Activate });
        await NotifiedAsync("2");
        await PublishAsync("3");
        await NotifiedAsync("3");
    }

    [Fact]
    public async Task Muted_PastItsBound_DropsTheOldest()
    {
        var muted = new ReportingInformation
        {
            NotifFlag = NotificationFlag.Deactivate,
            MutingSetting = new MutingNotificationsSettings { MaxNoOfNotif = 2 },
        };
        var id = await SubscribeAsync(muted);
        await PublishAsync("1", "2", "3");
        await UpdateAsync(id, muted with { NotifFlag = NotificationFlag.Activate });
        await NotifiedAsync("2", "3");
        Assert.True(_capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task Muted_PastItsTime_DoesWhatItWasToldTo()
    {
        await SubscribeAsync(new ReportingInformation
        {
            NotifFlag = NotificationFlag.Deactivate,
            MutingSetting = new MutingNotificationsSettings { DurationBufferedNotif = 30 },
            NotifFlagInstruct = new MutingExceptionInstructions
            {
                BufferedNotifs = BufferedNotificationsAction.DiscardAll,
                Subscription = SubscriptionAction.ContinueWithoutMuting,
            },
        });
        await PublishAsync("1");
        _time.Advance(TimeSpan.FromSeconds(30));
        await PublishAsync("2");
        await NotifiedAsync("2");
    }

    [Fact]
    public async Task Muted_PastItsBound_IsClosedWhereThatIsWanted()
    {
        await SubscribeAsync(new ReportingInformation
        {
            NotifFlag = NotificationFlag.Deactivate,
            MutingSetting = new MutingNotificationsSettings { MaxNoOfNotif = 1 },
            NotifFlagInstruct = new MutingExceptionInstructions { BufferedNotifs = BufferedNotificationsAction.SendAll, Subscription = SubscriptionAction.Close },
        });
        await PublishAsync("1", "2", "3");
        await NotifiedAsync("1", "2");
        Assert.True(_capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task ImmRep_TellsAtOnceWhoIsOnboarded_OfThoseThatTheFilterNames()
    {
        var (onboarded, _) = await _capif.OnboardAsync();
        await SubscribeAsync(new ReportingInformation { ImmRep = true }, new CapifEventFilter { ApiInvokerIds = ["stranger", onboarded] });
        await NotifiedAsync(onboarded);
    }

    [Fact]
    public async Task TestNotification_IsSentAtOnce_AndLinksTheSubscription_29122_5_2_5_3()
    {
        var outcome = await Subscriber.SubscribeAsync(
            Amf, Subscription(null) with { RequestTestNotification = true, SupportedFeatures = SupportedFeatures.Of(1, 3) }, "https://capifcore:8443", default);
        var test = JsonNode.Parse(await NextAsync())!.AsObject();
        Assert.Equal(
            $"https://capifcore:8443/capif-events/v1/amf/subscriptions/{outcome.Value!.SubscriptionId}", Assert.Single(test, one => one.Key == "subscription").Value!.GetValue<string>());
        Assert.Single(test);

        // Without the feature there is none.
        await Subscriber.SubscribeAsync(Amf, Subscription(null) with { RequestTestNotification = true }, "https://capifcore:8443", default);
        await PublishAsync("1");
        await NotifiedAsync("1", "1");
    }

    private static EventSubscription Subscription(ReportingInformation? reporting) => new()
    {
        Events = [CapifEvent.ApiInvokerOnboarded],
        NotificationDestination = "https://receiver.test/",
        SupportedFeatures = SupportedFeatures.Of(3),
        EventReq = reporting,
    };

    private async Task<string> SubscribeAsync(ReportingInformation reporting, CapifEventFilter? filter = null)
    {
        var outcome = await Subscriber.SubscribeAsync(Amf, Subscription(reporting) with { EventFilters = filter is null ? null : [filter] }, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.SubscriptionId;
    }

    private async Task UpdateAsync(string id, ReportingInformation reporting) =>
        Assert.Null((await Subscriber.UpdateAsync(id, Subscription(reporting), default)).Refusal);

    private async Task PublishAsync(params string[] invokers)
    {
        foreach (var id in invokers)
        {
            await PendingEvents.Topic(_capif.Host.Grains, CapifEvent.ApiInvokerOnboarded).PublishAsync(
                new EventOccurrence
                {
                    EventId = id,
                    Event = CapifEvent.ApiInvokerOnboarded,
                    OccurredAt = _time.GetUtcNow(),
                    ApiInvokerIds = [id],
                    Detail = new CapifEventDetail { ApiInvokerIds = [id] },
                },
                default);
        }
    }

    private async Task NotifiedAsync(params string[] invokers)
    {
        foreach (var id in invokers)
            Assert.Equal(id, JsonNode.Parse(await NextAsync())!["eventDetail"]!["apiInvokerIds"]![0]!.GetValue<string>());
    }

    /// <summary>The next notification; timers that are due at once run while the test looks.</summary>
    private async Task<string> NextAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_capif.Sender.IsEmpty && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20))
        {
            _time.Advance(TimeSpan.Zero);
            await Task.Yield();
        }

        Assert.False(_capif.Sender.IsEmpty);
        return (await _capif.Sender.NextAsync()).Json;
    }
}
