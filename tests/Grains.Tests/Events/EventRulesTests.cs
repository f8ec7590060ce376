using CapifOrleans.Events;
using CapifOrleans.Grains.Events;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>Who may subscribe to what, and which filters an event takes.</summary>
public sealed class EventRulesTests
{
    [Theory]
    [InlineData(CallerRole.ApiInvoker, CapifEvent.ServiceApiAvailable, true)]
    [InlineData(CallerRole.ApiInvoker, CapifEvent.ApiInvokerAuthorizationRevoked, true)]
    [InlineData(CallerRole.ApiInvoker, CapifEvent.ApiInvokerOnboarded, false)]
    [InlineData(CallerRole.ApiInvoker, CapifEvent.ServiceApiInvocationFailure, false)]
    [InlineData(CallerRole.Aef, CapifEvent.ApiInvokerOffboarded, true)]
    [InlineData(CallerRole.Aef, CapifEvent.AccessControlPolicyUpdate, true)]
    [InlineData(CallerRole.Aef, CapifEvent.ServiceApiInvocationSuccess, false)]
    [InlineData(CallerRole.Amf, CapifEvent.ServiceApiInvocationSuccess, true)]
    [InlineData(CallerRole.Amf, CapifEvent.AccessControlPolicyUpdate, false)]
    [InlineData(CallerRole.Apf, CapifEvent.ServiceApiUpdate, true)]
    [InlineData(CallerRole.Apf, CapifEvent.ApiInvokerOnboarded, false)]
    public void Role_DecidesTheEvent(CallerRole role, CapifEvent capifEvent, bool may)
    {
        var refusal = EventRules.Check(new CallerIdentity { Role = role, Id = "x" }, Subscription(CapifEvent.ServiceApiAvailable, capifEvent) with
        {
            Events = capifEvent == CapifEvent.ServiceApiAvailable ? [capifEvent] : [CapifEvent.ServiceApiAvailable, capifEvent],
        });
        if (may)
        {
            Assert.Null(refusal);
            return;
        }

        Assert.Equal(ErrorKind.Forbidden, refusal!.Kind);
        Assert.Equal("events[1]", Assert.Single(refusal.InvalidParams).Param);
    }

    [Fact]
    public void FilterThatDoesNotApply_IsNamed()
    {
        var refusal = EventRules.Check(Amf, Subscription(CapifEvent.ApiInvokerOnboarded) with { EventFilters = [new CapifEventFilter { AefIds = ["a"] }] });
        var param = Assert.Single(refusal!.InvalidParams);
        Assert.Equal("eventFilter", param.Param);
        Assert.Equal("The eventFilter {'aef_ids'} for event API_INVOKER_ONBOARDED are not applicable.", param.Reason);
    }

    [Fact]
    public void FilterWithoutTheFeature_AndOneTooMany_AreRefused()
    {
        var subscription = Subscription(CapifEvent.ApiInvokerOnboarded) with { EventFilters = [new CapifEventFilter()] };
        Assert.Null(EventRules.Check(Amf, subscription));
        Assert.NotNull(EventRules.Check(Amf, subscription with { SupportedFeatures = SupportedFeatures.Of(4) }));
        Assert.NotNull(EventRules.Check(Amf, subscription with { EventFilters = [new CapifEventFilter(), new CapifEventFilter()] }));
    }

    [Theory]
    [InlineData("eventReq.repPeriod", ErrorKind.InvalidRequest)]
    [InlineData("eventReq.partitionCriteria", ErrorKind.Forbidden)]
    [InlineData("eventReq.grpRepTime", ErrorKind.InvalidRequest)]
    [InlineData("eventReq.mutingSetting.maxNoOfNotif", ErrorKind.InvalidRequest)]
    [InlineData("eventReq.mutingSetting.durationBufferedNotif", ErrorKind.InvalidRequest)]
    public void ReportingWithoutSense_IsRefused_NamingIt_29222_5_4_2_2_2(string attribute, ErrorKind kind)
    {
        var reporting = attribute switch
        {
            "eventReq.repPeriod" => new ReportingInformation { NotifMethod = NotificationMethod.Periodic },
            "eventReq.partitionCriteria" => new ReportingInformation { PartitionCriteria = [PartitioningCriteria.Tac] },
            "eventReq.grpRepTime" => new ReportingInformation { GrpRepTime = 0 },
            "eventReq.mutingSetting.maxNoOfNotif" => new ReportingInformation { MutingSetting = new MutingNotificationsSettings { MaxNoOfNotif = 0 } },
            _ => new ReportingInformation { MutingSetting = new MutingNotificationsSettings { DurationBufferedNotif = -1 } },
        };
        var refusal = EventRules.Check(Amf, Subscription(CapifEvent.ApiInvokerOnboarded) with { EventReq = reporting });
        Assert.Equal(kind, refusal?.Kind);
        Assert.Equal(attribute, Assert.Single(refusal!.InvalidParams).Param);
    }

    [Theory]
    [InlineData(CapifEvent.ServiceApiOnboardedByApiInvokersCount)]
    [InlineData(CapifEvent.ServiceApiDiscoveryByApiInvokersCount)]
    public void Counts_NeedCapifExt1_AndAPeriod(CapifEvent capifEvent)
    {
        var subscription = Subscription(capifEvent) with { EventReq = new ReportingInformation { RepPeriod = 60 } };
        Assert.Equal("events[0]", Assert.Single(EventRules.Check(Amf, subscription)!.InvalidParams).Param);
        var withFeature = subscription with { SupportedFeatures = SupportedFeatures.Of(3, 5) };
        Assert.Null(EventRules.Check(Amf, withFeature));
        Assert.Equal("eventReq.repPeriod", Assert.Single(EventRules.Check(Amf, withFeature with { EventReq = null })!.InvalidParams).Param);
    }

    [Fact]
    public void Websocket_IsNegotiatedWithTestNotificationsOnly_29122_5_2_5_4()
    {
        var config = new WebsockNotifConfig { RequestWebsocketUri = true, WebsocketUri = "websocketUri" };
        EventSubscription Accepted(params int[] features) => EventRules.Accept(
            Subscription(CapifEvent.ApiInvokerOnboarded) with { SupportedFeatures = SupportedFeatures.Of(features), WebsockNotifConfig = config }, null);
        Assert.Null(Accepted(2, 3).WebsockNotifConfig);
        Assert.False(Accepted(2, 3).SupportedFeatures!.Value.Has(2));
        Assert.Null(Accepted(1, 3).WebsockNotifConfig);
        Assert.StartsWith(NotificationFeature.Path, Accepted(1, 2).WebsockNotifConfig!.WebsocketUri, StringComparison.Ordinal);
        Assert.True(Accepted(1, 2).SupportedFeatures!.Value.Has(2));
    }

    [Fact]
    public void SecondWebsocketUri_IsRefused_29122_5_2_5_4()
    {
        var features = SupportedFeatures.Of(1, 2);
        var first = NotificationFeature.Accept(features, new WebsockNotifConfig { RequestWebsocketUri = true }, null);
        var again = new WebsockNotifConfig { RequestWebsocketUri = true };
        Assert.Equal(ErrorKind.ModificationNotAllowed, NotificationFeature.Check(features, again, first)?.Kind);
        var same = again with { WebsocketUri = "wss://capifcore" + first!.WebsocketUri };
        Assert.Null(NotificationFeature.Check(features, same, first));
        Assert.Equal(first, NotificationFeature.Accept(features, same, first));
    }

    [Fact]
    public void Sample_IsOfApiInvokers_AndStaysTheSame()
    {
        var reporting = new ReportingInformation { SampRatio = 25 };
        EventOccurrence Of(int invoker, string eventId) => new()
        {
            EventId = eventId,
            Event = CapifEvent.ApiInvokerUpdated,
            OccurredAt = DateTimeOffset.UnixEpoch,
            ApiInvokerIds = [$"invoker{invoker}"],
        };
        var sampled = Enumerable.Range(0, 1000).Where(one => ReportingRules.IsSampled("s", reporting, Of(one, "first"))).ToList();
        Assert.InRange(sampled.Count, 200, 300);
        Assert.Equal(sampled, Enumerable.Range(0, 1000).Where(one => ReportingRules.IsSampled("s", reporting, Of(one, "second"))));
    }

    [Theory]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("10.1.2.3", true, false)]
    [InlineData("172.16.0.1", true, false)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.1", true, false)]
    [InlineData("100.64.0.1", true, false)]
    [InlineData("192.0.2.1", true, true)]
    [InlineData("::1", true, false)]
    [InlineData("fd00::1", true, false)]
    [InlineData("2001:db8::1", true, true)]
    [InlineData("::ffff:10.0.0.1", true, false)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("::", false, false)]
    [InlineData("224.0.0.1", false, false)]
    public void Destinations_AreWhereTheOperatorAllows(string address, bool inPrivate, bool inPublic)
    {
        var parsed = System.Net.IPAddress.Parse(address);
        Assert.Equal(inPrivate, new NotificationOptions().Allows(parsed));
        Assert.Equal(inPublic, new NotificationOptions { AllowPrivateDestinations = false }.Allows(parsed));
    }

    [Fact]
    public void AllMembersOfAFilter_AreToHold()
    {
        var occurrence = new EventOccurrence
        {
            EventId = "1",
            Event = CapifEvent.ServiceApiInvocationSuccess,
            OccurredAt = DateTimeOffset.UnixEpoch,
            ApiIds = ["api"],
            AefIds = ["aef"],
            ApiInvokerIds = ["invoker"],
        };
        Assert.True(EventRules.Lets(null, occurrence));
        Assert.True(EventRules.Lets(new CapifEventFilter(), occurrence));
        Assert.True(EventRules.Lets(new CapifEventFilter { ApiIds = ["other", "api"], AefIds = ["aef"] }, occurrence));
        Assert.False(EventRules.Lets(new CapifEventFilter { ApiIds = ["api"], AefIds = ["other"] }, occurrence));
        Assert.False(EventRules.Lets(new CapifEventFilter { ApiInvokerIds = ["other"] }, occurrence));
    }

    [Fact]
    public void Detail_IsWhatTheFeaturesInclude()
    {
        var occurrence = new EventOccurrence
        {
            EventId = "1",
            Event = CapifEvent.ServiceApiAvailable,
            OccurredAt = DateTimeOffset.UnixEpoch,
            Detail = new CapifEventDetail { ApiIds = ["api"], ServiceApiDescriptions = [new CapifOrleans.Publish.ServiceApiDescription { ApiName = "api" }] },
        };
        CapifEventDetail? Detail(params int[] features) => EventRules.ToNotification(
            "s", Subscription(CapifEvent.ServiceApiAvailable) with { SupportedFeatures = SupportedFeatures.Of(features) }, occurrence).EventDetail;
        Assert.Null(Detail());
        Assert.Null(Detail(4));
        Assert.Null(Detail(3)!.ServiceApiDescriptions);
        Assert.Equal("api", Assert.Single(Detail(3)!.ApiIds!.Value));
        Assert.NotNull(Detail(3, 4)!.ServiceApiDescriptions);
    }

    private static CallerIdentity Amf => new() { Role = CallerRole.Amf, Id = "amf" };

    private static EventSubscription Subscription(params CapifEvent[] events) => new()
    {
        Events = [.. events],
        NotificationDestination = "https://receiver.test/",
        SupportedFeatures = SupportedFeatures.Of(3, 4),
    };
}
