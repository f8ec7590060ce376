using CapifOrleans.Connections;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Events;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// Offboarding (33.122 6.8) as a list of steps, each idempotent, the one reached written down after each. What is interrupted goes on with
/// the next activation or the reminder, whichever comes first.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    private const string OffboardingReminder = "offboarding";
    private static readonly TimeSpan OffboardingRetry = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<Outcome> OffboardAsync(CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        await SettleKeysAsync(cancellationToken);
        // Due at once: it waits for this call to end, and a restart in its middle goes on without delay.
        await this.RegisterOrUpdateReminder(OffboardingReminder, TimeSpan.Zero, OffboardingRetry);
        await CancelEnrolmentAsync();
        ContinueOffboardingSoon();
        // Step 4 of the clause, the answer, may be sent once the certificate is refused everywhere; the rest needs nobody to wait.
        await StepAsync(OffboardingStep.CertificateRevoked, RevokeCertificateAsync, cancellationToken);
        // And policies go before it, if they can: who asks for them next must find none. The step that takes them away comes all the same.
        await TryRemovePoliciesAsync(_state.State.Offboarding!, cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<OffboardingReport?> GetOffboardingAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_state.State.Offboarding is { } offboarding
            ? new OffboardingReport { Done = offboarding.Done, RequestedAt = offboarding.RequestedAt, AefIds = [.. offboarding.AefIds] }
            : null);

    /// <summary>Step 3: one write takes profile, secret, contexts and keys away, and leaves what the other steps need.</summary>
    private async Task CancelEnrolmentAsync()
    {
        var now = _time.GetUtcNow();
        var state = _state.State;
        _state.State = new ApiInvokerState
        {
            Offboarding = new OffboardingState
            {
                Done = OffboardingStep.EnrolmentCancelled,
                RequestedAt = now,
                Certificate = state.Certificate!,
                AefIds = [.. state.KnownToAefs],
                CcfIds = [.. state.KnownToPeers],
                PolicyApiIds = [.. state.PolicyApiIds],
                Channels = Channels(),
                EventId = PendingEvents.NewId(),
                TokensExpireAt = now + _options.TokenLifetime,
            },
            PendingEvents = state.PendingEvents,
        };
        await WriteAsync();
        await _procedures.StepDoneAsync(OffboardingReminder, ApiInvokerId, nameof(OffboardingStep.EnrolmentCancelled));
    }

    private void ContinueOffboardingSoon() =>
        this.RegisterGrainTimer(ContinueOffboardingAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task ContinueOffboardingAsync(CancellationToken cancellationToken)
    {
        if (_state.State.Offboarding is { Done: not OffboardingStep.Completed })
        {
            await StepAsync(OffboardingStep.CertificateRevoked, RevokeCertificateAsync, cancellationToken);
            await StepAsync(OffboardingStep.SubscriptionsRemoved, RemoveSubscriptionsAsync, cancellationToken);
            await StepAsync(OffboardingStep.ConnectionsClosed, CloseConnectionsAsync, cancellationToken);
            await StepAsync(OffboardingStep.AefsTold, TellAefsAsync, cancellationToken);
            await StepAsync(OffboardingStep.EventPublished, PublishOffboardedAsync, cancellationToken);
            await StepAsync(OffboardingStep.Completed, (_, _) => Task.CompletedTask, cancellationToken);
        }

        // The reminder last: what is interrupted before it ends is still found by it.
        if (!_options.RetainOffboarded && _state.State.Offboarding is not null)
            await _state.ClearStateAsync();
        await this.EndReminderAsync(ExpiryReminder);
        await this.EndReminderAsync(OffboardingReminder);
        DeactivateOnIdle();
    }

    private async Task StepAsync(OffboardingStep step, Func<OffboardingState, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var offboarding = _state.State.Offboarding!;
        if (offboarding.Done >= step)
            return;
        await act(offboarding, cancellationToken);
        offboarding.Done = step;
        await WriteAsync();
        await _procedures.StepDoneAsync(OffboardingReminder, ApiInvokerId, step.ToString());
    }

    private async Task RevokeCertificateAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        var certificate = offboarding.Certificate;
        // A third party's certificate is refused since no record names it; its serial number may be another party's in our own list.
        if (!certificate.IsThirdParty)
        {
            await GrainFactory.GetGrain<ICertificateRevocationGrain>(certificate.SerialNumber[..2]).RevokeAsync(
                new RevokedCertificate { SerialNumber = certificate.SerialNumber, RevokedAt = offboarding.RequestedAt, ExpiresAt = certificate.ExpiresAt },
                cancellationToken);
        }

        await GrainFactory.GetGrain<IPublicKeyReservationGrain>(certificate.PublicKeySha256)
            .ReleaseAsync(new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true }, cancellationToken);
    }

    private async Task RemoveSubscriptionsAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        await GrainFactory.GetGrain<IEventSubscriberGrain>(ApiInvokerId).RemoveAllAsync(cancellationToken);
        await EndNoticesAsync(offboarding, cancellationToken);
        await RemovePoliciesAsync(offboarding, cancellationToken);
    }

    /// <summary>Step 6.</summary>
    private Task CloseConnectionsAsync(OffboardingState offboarding, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(ApiInvokerId, cancellationToken);

    /// <summary>Step 7, what holds whether or not the AEF subscribed: it finds the invoker refused.</summary>
    private async Task TellAefsAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        await Task.WhenAll(offboarding.AefIds.Select(aefId => GrainFactory.GetGrain<IAefGrain>(aefId).InvokerOffboardedAsync(
            new InvokerRevocation
            {
                ApiInvokerId = ApiInvokerId,
                EventId = offboarding.EventId,
                RevokedAt = offboarding.RequestedAt,
                KeepUntil = offboarding.TokensExpireAt,
            },
            cancellationToken)));
        // Peers tell their AEFs, each as soon as it can be reached.
        foreach (var ccfId in offboarding.CcfIds)
            await GrainFactory.GetGrain<IPeerNoticeGrain>(ccfId).EnqueueAsync(offboarding.EventId, ApiInvokerId, null, cancellationToken);
    }

    /// <summary>Step 7, the notification. Its delivery, and the acknowledgement (step 10), are the subscription's.</summary>
    private async Task PublishOffboardedAsync(OffboardingState offboarding, CancellationToken cancellationToken)
    {
        // What happened before comes before.
        await PendingEvents.PublishAsync(GrainFactory, _state.State.PendingEvents, cancellationToken);
        _state.State.PendingEvents.Clear();
        await PendingEvents.Topic(GrainFactory, CapifEvent.ApiInvokerOffboarded).PublishAsync(
            new EventOccurrence
            {
                EventId = offboarding.EventId,
                Event = CapifEvent.ApiInvokerOffboarded,
                OccurredAt = offboarding.RequestedAt,
                Detail = new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] },
                ApiInvokerIds = [ApiInvokerId],
            },
            cancellationToken);
    }
}
