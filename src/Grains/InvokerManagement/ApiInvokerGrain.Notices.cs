using System.Runtime.InteropServices;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>What the API invoker is told of itself (29.222 5.5.2.4, 5.5.2.6, 8.4.6 features 1 and 2), written with the change and handed to its outbox after it.</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string OnboardingNotices = "onboarding/";
    private const string SecurityNotices = "security/";
    private const string OnboardedInvokers = "/api-invoker-management/v1/onboardedInvokers";

    private string ResourceLocation => $"{_state.State.ApiRoot}{OnboardedInvokers}/{ApiInvokerId}";

    private IInvokerNoticeGrain Notices(string kind) => GrainFactory.GetGrain<IInvokerNoticeGrain>(kind + ApiInvokerId);

    /// <summary>Puts what became of a request beside the change that is about to be written.</summary>
    private async Task AddOnboardingNoticeAsync(PendingEnrolmentState pending, ApiInvokerEnrolmentDetails? approved)
    {
        var notification = new OnboardingNotification
        {
            Result = approved is not null,
            ResourceLocation = approved is null ? null : ResourceLocation,
            ApiInvokerEnrolmentDetails = approved is null ? null : approved with { WebsockNotifConfig = Absolute(approved.WebsockNotifConfig) },
            ApiList = approved?.ApiList,
        };
        var json = WireJson.SerializeToUtf8Bytes(notification);
        var isSecret = approved?.OnboardingInformation.OnboardingSecret is not null;
        await RemindOfNoticesAsync();
        _state.State.Notices.Add(new PendingNotice
        {
            NoticeId = pending.RequestId,
            Destination = pending.Details.NotificationDestination,
            // Before it is onboarded nobody has a certificate to connect with.
            Channel = pending.IsUpdate ? NotificationFeature.ChannelOf(_state.State.Profile?.WebsockNotifConfig) : null,
            Json = isSecret ? [] : json,
            SealedJson = isSecret ? _secrets.Seal(json, OutboxEntry.Place(pending.RequestId)) : null,
        });
    }

    // In answers the frontend does so; here nobody asks, and the address of the onboarding counts.
    private WebsockNotifConfig? Absolute(WebsockNotifConfig? accepted) => accepted?.WebsocketUri is { } path
        ? accepted with { WebsocketUri = string.Concat("wss", _state.State.ApiRoot.AsSpan("https".Length), path) }
        : accepted;

    /// <summary>Puts the test notification beside the change that is about to be written, where one is wanted (29.122 5.2.5.3).</summary>
    private async Task AddTestNoticeAsync(ApiInvokerEnrolmentDetails asked, ApiInvokerEnrolmentDetails? accepted)
    {
        var test = NotificationFeature.Test(
            asked.RequestTestNotification, NotificationFeature.Negotiate(asked.SupportedFeatures, Built),
            // What waits for the operator is no resource yet.
            accepted is null ? _state.State.ApiRoot + OnboardedInvokers : ResourceLocation,
            asked.NotificationDestination, NotificationFeature.ChannelOf(accepted?.WebsockNotifConfig), _time.GetUtcNow());
        if (test is null)
            return;
        await RemindOfNoticesAsync();
        _state.State.Notices.Add(new PendingNotice { NoticeId = test.Id, Destination = test.Destination, Channel = test.Channel, Json = test.Body });
    }

    // As with events: a crash after the write must not leave a notice lying.
    private async Task RemindOfNoticesAsync() =>
        await this.RegisterOrUpdateReminder(PendingEvents.Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    /// <summary>After the write. Where it fails, the reminder tries again.</summary>
    private async Task SendNoticesAsync(CancellationToken cancellationToken)
    {
        if (_state.State.Notices.Count == 0)
            return;
        try
        {
            await HandOverNoticesAsync(cancellationToken);
            await WriteAsync();
        }
#pragma warning disable CA1031 // The change itself is on the disk: its caller must have the answer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NoticesDelayed(ApiInvokerId, fault);
        }
    }

    /// <summary>Hands what is to be told to its outbox, which knows again what came before. The caller writes.</summary>
    private async Task HandOverNoticesAsync(CancellationToken cancellationToken)
    {
        foreach (var notice in _state.State.Notices.ToList())
        {
            var json = notice.SealedJson is null ? notice.Json : _secrets.TryOpen(notice.SealedJson, OutboxEntry.Place(notice.NoticeId));
            if (json is null)
            {
                NoticeLost(ApiInvokerId, notice.NoticeId);
            }
            else
            {
                await Notices(OnboardingNotices).EnqueueAsync(
                    new InvokerNotice
                    {
                        NoticeId = notice.NoticeId,
                        Destination = notice.Destination,
                        Channel = notice.Channel,
                        Json = ImmutableCollectionsMarshal.AsImmutableArray(json),
                        IsSecret = notice.SealedJson is not null,
                    },
                    cancellationToken);
            }

            _state.State.Notices.Remove(notice);
        }
    }

    /// <summary>The websocket channels that end with the API invoker.</summary>
    private List<string> Channels() =>
    [
        .. new[]
        {
            NotificationFeature.ChannelOf(_state.State.Profile?.WebsockNotifConfig), NotificationFeature.ChannelOf(_state.State.SecurityWebsocket),
        }.OfType<string>(),
    ];

    private async Task EndNoticesAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        await Notices(OnboardingNotices).ClearAsync(cancellationToken);
        await Notices(SecurityNotices).ClearAsync(cancellationToken);
        foreach (var channel in offboarding.Channels)
            await GrainFactory.GetGrain<INotificationChannelGrain>(channel).CloseAsync(cancellationToken);
    }

    [LoggerMessage(3, LogLevel.Warning, "Notifications of API invoker {ApiInvokerId} could not be queued; they are tried again")]
    private partial void NoticesDelayed(string apiInvokerId, Exception fault);

    [LoggerMessage(4, LogLevel.Error, "Notification {NoticeId} of API invoker {ApiInvokerId} was sealed under another key, and is lost")]
    private partial void NoticeLost(string apiInvokerId, string noticeId);
}
