using CapifOrleans.Events;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Events;

/// <summary>When a subscription reports: at once, after a period, for a group, or once it is no longer muted (29.222 5.4.2.2.2, 29.523 5.4.2.2).</summary>
internal sealed partial class EventSubscriptionGrain
{
    private IGrainTimer? _reporting;

    private ReportingInformation? Reporting => _state.State.Record?.Subscription.EventReq;

    private bool HasEnded => _state.State.IsClosed || ReportingRules.HasEnded(Reporting, _state.State.Reported, _time.GetUtcNow());

    private bool IsPeriodic => Reporting?.NotifMethod == NotificationMethod.Periodic;

    private bool BeginsCounting => _state.State is { CountedBefore: null, Record: { } record }
        && record.Subscription.Events.Contains(CapifEvent.ServiceApiDiscoveryByApiInvokersCount);

    private bool HasCounts => _state.State.Record?.Subscription.Events.Any(EventRules.IsCount) == true;

    // What a change of the subscription lets out: RETRIEVAL asks for it, and who is neither muted nor periodic waits for nothing.
    private bool IsToBeReleased => _state.State.Held.Count > 0
        && (Reporting?.NotifFlag == NotificationFlag.Retrieval || (!ReportingRules.IsMuted(Reporting) && _state.State.ReportAt is null));

    /// <summary>The subscriber set reporting anew: it counts from here. The caller writes.</summary>
    private void BeginReporting(EventSubscription subscription)
    {
        var state = _state.State;
        var now = _time.GetUtcNow();
        state.Reported = 0;
        state.IsClosed = false;
        state.ReportAt = subscription.EventReq is { RepPeriod: { } period } && (IsPeriodic || HasCounts) ? now.AddSeconds(period) : null;
        state.MutedUntil = ReportingRules.IsMuted(subscription.EventReq) && subscription.EventReq?.MutingSetting?.DurationBufferedNotif is { } seconds
            ? now.AddSeconds(seconds)
            : null;
        state.CountedBefore = null;
        state.ImmediateReport = subscription.EventReq?.ImmRep == true ? PendingEvents.NewId() : null;
    }

    private OutboxEntry? Test(EventSubscription subscription, string link) => NotificationFeature.Test(
        subscription.RequestTestNotification, subscription.SupportedFeatures, link, subscription.NotificationDestination,
        NotificationFeature.ChannelOf(subscription.WebsockNotifConfig), _time.GetUtcNow());

    private OutboxEntry Entry(string id, EventNotification notification, List<string> acknowledges)
    {
        var subscription = _state.State.Record!.Subscription;
        return new OutboxEntry
        {
            Id = id,
            Destination = subscription.NotificationDestination,
            Channel = NotificationFeature.ChannelOf(subscription.WebsockNotifConfig),
            Body = WireJson.SerializeToUtf8Bytes(notification),
            EnqueuedAt = _time.GetUtcNow(),
            Acknowledges = acknowledges,
        };
    }

    /// <summary>Reports now, or keeps back until it is time. What comes twice is one report.</summary>
    private async Task ReportAsync(OutboxEntry entry, bool mayBeHeld)
    {
        if (mayBeHeld && (ReportingRules.IsMuted(Reporting) || IsPeriodic || Reporting?.GrpRepTime is not null))
        {
            await HoldAsync(entry);
            return;
        }

        _state.State.Reported++;
        var isNew = false;
        try
        {
            isNew = await _outbox.EnqueueAsync(entry);
        }
        finally
        {
            if (!isNew)
                _state.State.Reported--;
        }
    }

    private async Task HoldAsync(OutboxEntry entry)
    {
        var isMuted = ReportingRules.IsMuted(Reporting);
        // 29.523: what happens within grpRepTime of the first is reported together.
        if (!isMuted && !IsPeriodic && _state.State.Held.Count == 0 && Reporting?.GrpRepTime is { } seconds)
            _state.State.ReportAt = _time.GetUtcNow().AddSeconds(seconds);
        if (!await _outbox.HoldAsync(entry, _state.State.Held))
            return;
        if (isMuted && _state.State.Held.Count > ReportingRules.BoundOf(Reporting))
            await EndMutingAsync();
        ScheduleReports();
    }

    /// <summary>notifFlagInstruct: a muted subscription kept as much, or as long, as it may (29.571 5.2.4.66).</summary>
    private async Task EndMutingAsync()
    {
        var state = _state.State;
        var instruct = Reporting?.NotifFlagInstruct;
        var record = state.Record!;
        state.MutedUntil = null;
        if (instruct?.BufferedNotifs == BufferedNotificationsAction.DiscardAll)
            state.Held.Clear();
        else if (instruct?.BufferedNotifs is null or BufferedNotificationsAction.DropOld && state.Held.Count > ReportingRules.BoundOf(Reporting))
            state.Held.RemoveRange(0, state.Held.Count - ReportingRules.BoundOf(Reporting));
        if (instruct?.Subscription == SubscriptionAction.ContinueWithoutMuting)
        {
            state.Record = record with
            {
                Subscription = record.Subscription with { EventReq = record.Subscription.EventReq! with { NotifFlag = NotificationFlag.Activate } },
            };
        }

        if (instruct?.BufferedNotifs == BufferedNotificationsAction.SendAll || !ReportingRules.IsMuted(Reporting))
            await ReleaseAsync();
        if (instruct?.Subscription == SubscriptionAction.Close)
        {
            state.IsClosed = true;
            state.Held.Clear();
        }

        await _outbox.WriteAsync();
    }

    /// <summary>Lets out what was kept back, as far as maxReportNbr allows.</summary>
    private Task ReleaseAsync()
    {
        var state = _state.State;
        var most = Reporting?.NotifMethod == NotificationMethod.OneTime ? 1 : Reporting?.MaxReportNbr ?? int.MaxValue;
        var left = Math.Max(0, most - state.Reported);
        if (state.Held.Count > left)
            state.Held.RemoveRange(left, state.Held.Count - left);
        state.Reported += state.Held.Count;
        return _outbox.ReleaseAsync(state.Held);
    }

    /// <summary>Wakes this grain when the next report is due; the reminder finds it again after the host was down.</summary>
    private void ScheduleReports()
    {
        _reporting?.Dispose();
        _reporting = null;
        var state = _state.State;
        if (state.Record is null || (state.ImmediateReport is null && HasEnded))
            return;
        var now = _time.GetUtcNow();
        var due = state.ImmediateReport is not null || BeginsCounting ? now : state.ReportAt < state.MutedUntil ? state.ReportAt : state.MutedUntil ?? state.ReportAt;
        if (due is not { } at)
            return;
        // Interleaved: what it asks may be waiting for this grain.
        _reporting = this.RegisterGrainTimer(DueAsync, new GrainTimerCreationOptions(
            at > now ? at - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        { Interleave = true, KeepAlive = true });
    }

    private async Task DueAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (BeginsCounting)
                await BeginCountingAsync();
            if (_state.State.ImmediateReport is { } immediate)
                await ReportStateAsync(immediate);
            if (_state.State.MutedUntil <= _time.GetUtcNow())
                await EndMutingAsync();
            if (_state.State.ReportAt <= _time.GetUtcNow())
                await ReportPeriodAsync();
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                ScheduleReports();
        }
    }

    /// <summary>What was counted before somebody asked is not reported as news.</summary>
    private async Task BeginCountingAsync()
    {
        var counted = new Dictionary<string, DiscoveryTally>(StringComparer.Ordinal);
        foreach (var (_, filter) in Wanted(_state.State.Record!.Subscription).Where(one => one.Event == CapifEvent.ServiceApiDiscoveryByApiInvokersCount).ToList())
        {
            foreach (var one in await _current.DiscoveriesAsync(filter))
                counted[one.ApiId] = one;
        }

        _state.State.CountedBefore = counted;
        await _outbox.WriteAsync();
    }

    /// <summary>immRep: how it is now, by notifications, since the answer to a subscription has no place for it.</summary>
    private async Task ReportStateAsync(string reportId)
    {
        var record = _state.State.Record!;
        var index = 0;
        foreach (var (capifEvent, filter) in Wanted(record.Subscription))
        {
            var details = capifEvent == CapifEvent.ServiceApiDiscoveryByApiInvokersCount
                ? Discoveries(await _current.DiscoveriesAsync(filter), [])
                : await _current.OfAsync(record.Subscriber, capifEvent, filter);
            foreach (var detail in details)
                await ReportDetailAsync($"{reportId}-{index++}", capifEvent, detail);
        }

        if (_state.State.ImmediateReport == reportId)
            _state.State.ImmediateReport = null;
        await _outbox.WriteAsync();
    }

    private async Task ReportPeriodAsync()
    {
        var state = _state.State;
        var at = state.ReportAt!.Value;
        var record = state.Record!;
        foreach (var (capifEvent, filter) in Wanted(record.Subscription).Where(one => EventRules.IsCount(one.Event)).ToList())
        {
            var id = $"{at.UtcTicks}-{WireNames.Of(capifEvent)}";
            if (capifEvent == CapifEvent.ServiceApiOnboardedByApiInvokersCount)
            {
                foreach (var detail in await _current.OfAsync(record.Subscriber, capifEvent, filter))
                    await ReportDetailAsync(id, capifEvent, detail);
                continue;
            }

            var counted = await _current.DiscoveriesAsync(filter);
            foreach (var detail in Discoveries(counted, state.CountedBefore ?? []))
                await ReportDetailAsync(id, capifEvent, detail);
            state.CountedBefore = counted.ToDictionary(one => one.ApiId, StringComparer.Ordinal);
        }

        // Periods that nobody was there for are one.
        var period = IsPeriodic || HasCounts ? Reporting?.RepPeriod : null;
        var now = _time.GetUtcNow();
        state.ReportAt = period is { } seconds ? at.AddSeconds(seconds * (1 + Math.Floor((now - at).TotalSeconds / seconds))) : null;
        if (ReportingRules.IsMuted(Reporting))
            await _outbox.WriteAsync();
        else
            await ReleaseAsync();
    }

    private async Task ReportDetailAsync(string id, CapifEvent capifEvent, CapifEventDetail detail)
    {
        if (HasEnded || _state.State.Record is not { } record)
            return;
        var occurrence = new EventOccurrence { EventId = id, Event = capifEvent, OccurredAt = _time.GetUtcNow(), Detail = detail };
        await ReportAsync(
            Entry(id, EventRules.ToNotification(this.GetPrimaryKeyString(), record.Subscription, occurrence), []), ReportingRules.IsMuted(Reporting));
    }

    private static IEnumerable<(CapifEvent Event, CapifEventFilter? Filter)> Wanted(EventSubscription subscription) =>
        subscription.Events.Select((capifEvent, index) => (capifEvent, EventRules.FilterOf(subscription, index)));

    /// <summary>The counts since the last report, one place of three lists for each service API (29.222 8.3.4.2.9).</summary>
    private static IReadOnlyList<CapifEventDetail> Discoveries(ImmutableArray<DiscoveryTally> counted, Dictionary<string, DiscoveryTally> before)
    {
        if (counted.IsEmpty)
            return [];
        static int Bounded(long count) => (int)Math.Clamp(count, 0, int.MaxValue);
        return
        [
            new CapifEventDetail
            {
                DiscoveryCount =
                [
                    new DiscoveryCount
                    {
                        ApiIds = [.. counted.Select(one => one.ApiId)],
                        DiscoveryReqCount = [.. counted.Select(one => Bounded(one.Requests - (before.GetValueOrDefault(one.ApiId)?.Requests ?? 0)))],
                        DiscoveryRspCount = [.. counted.Select(one => Bounded(one.Responses - (before.GetValueOrDefault(one.ApiId)?.Responses ?? 0)))],
                    },
                ],
            },
        ];
    }
}
