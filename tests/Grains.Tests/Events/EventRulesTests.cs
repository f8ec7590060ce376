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

    [Fact]
    public void WhatIsNotBuilt_IsRefused()
    {
        foreach (var reporting in new ReportingInformation[]
        {
            new() { NotifMethod = NotificationMethod.Periodic }, new() { RepPeriod = 5 }, new() { ImmRep = true }, new() { SampRatio = 50 },
            new() { GrpRepTime = 5 }, new() { NotifFlag = NotificationFlag.Deactivate },
        })
        {
            Assert.Equal(ErrorKind.Forbidden, EventRules.Check(Amf, Subscription(CapifEvent.ApiInvokerOnboarded) with { EventReq = reporting })?.Kind);
        }
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
