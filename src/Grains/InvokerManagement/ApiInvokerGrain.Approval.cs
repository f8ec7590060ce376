using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// Onboardings and updates that the operator decides (29.222 5.5.2.2.2, 5.5.2.5.2: 202, and a notification later). A request lies with this
/// grain; the list of requests only says where.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    private const string ApprovalReminder = "approval";
    private const string RefusalCompleted = "RefusalCompleted";
    private static readonly TimeSpan ApprovalRetry = TimeSpan.FromMinutes(1);

    private static readonly Refusal NothingWaits = Refusal.NotFound("No such request waits for a decision.", "REQUEST_NOT_FOUND");

    private IPendingEnrolmentsGrain PendingEnrolments => GrainFactory.GetGrain<IPendingEnrolmentsGrain>("pending");

    /// <inheritdoc/>
    public async Task<Outcome> RequestOnboardingAsync(OnboardingRequest request, CancellationToken cancellationToken)
    {
        var outcome = await CheckOnboardingAsync(request, cancellationToken);
        if (!outcome.TryGet(out var candidate, out var refusal))
            return refusal;
        if (_state.State.Pending is not null)
            return AlreadyOnboarded;
        var pending = Pending(request.Details, isUpdate: false, request.SupportsPsk);
        if (await ListAsync(pending, cancellationToken) is { } tooMany)
            return tooMany;
        var owner = new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true };
        if ((await GrainFactory.GetGrain<IPublicKeyReservationGrain>(candidate.Key.Sha256Hex).ReserveAsync(owner, cancellationToken)).Refusal is { } taken)
        {
            await UnlistAsync(pending.RequestId, cancellationToken);
            await this.EndReminderAsync(ApprovalReminder);
            return taken;
        }

        _state.State.ApiRoot = request.ApiRoot;
        await AddTestNoticeAsync(request.Details, null);
        _state.State.Certificate = candidate.Certificate;
        _state.State.EnrolmentUser = request.EnrolmentUser;
        _state.State.Pending = pending;
        await WriteAsync();
        Waits(ApiInvokerId, pending.RequestId);
        await SendNoticesAsync(cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<Outcome> RequestUpdateAsync(ApiInvokerEnrolmentDetails details, CancellationToken cancellationToken) =>
        RequestUpdateAsync(details, isTested: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RequestPatchAsync(ImmutableArray<byte> patch, CancellationToken cancellationToken) =>
        ApplyPatch(patch).TryGet(out var patched, out var refusal) ? await RequestUpdateAsync(patched, isTested: false, cancellationToken) : refusal;

    /// <inheritdoc/>
    public Task<bool> HoldsPublicKeyAsync(CancellationToken cancellationToken) =>
        Task.FromResult(IsOnboarded || _state.State.Pending is { IsRefused: false });

    /// <inheritdoc/>
    public Task<PendingEnrolment?> GetPendingAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_state.State.Pending is { IsRefused: false } pending
            ? new PendingEnrolment
            {
                RequestId = pending.RequestId,
                ApiInvokerId = ApiInvokerId,
                IsUpdate = pending.IsUpdate,
                EnrolmentUser = _state.State.EnrolmentUser,
                RequestedAt = pending.RequestedAt,
                ExpiresAt = pending.ExpiresAt,
                NotificationDestination = pending.Details.NotificationDestination,
                ApiInvokerInformation = pending.Details.ApiInvokerInformation,
                ApiNames = [.. (pending.Details.ApiList?.ServiceApiDescriptions ?? []).Select(one => one.ApiName)],
                PublicKeySha256 = _state.State.Certificate!.PublicKeySha256,
            }
            : null);

    /// <inheritdoc/>
    public async Task<Outcome> ApproveAsync(string requestId, CancellationToken cancellationToken)
    {
        if (Waiting(requestId) is not { } pending)
            return NothingWaits;
        var refusal = pending.IsUpdate ? await ApproveUpdateAsync(pending, cancellationToken) : await ApproveOnboardingAsync(pending, cancellationToken);
        if (refusal is not null)
            return refusal;
        Approved(ApiInvokerId, requestId);
        await UnlistAsync(requestId, cancellationToken);
        await this.EndReminderAsync(ApprovalReminder);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RefuseAsync(string requestId, CancellationToken cancellationToken)
    {
        if (Waiting(requestId) is not { } pending)
            return NothingWaits;
        await RefuseAsync(pending, cancellationToken);
        Refused(ApiInvokerId, requestId);
        return Outcome.Done;
    }

    private PendingEnrolmentState? Waiting(string requestId) =>
        _state.State.Pending is { IsRefused: false } pending && pending.RequestId == requestId ? pending : null;

    private async Task<Outcome> RequestUpdateAsync(ApiInvokerEnrolmentDetails details, bool isTested, CancellationToken cancellationToken)
    {
        if (CheckUpdate(details, out _) is { } refusal)
            return refusal;
        var pending = Pending(details, isUpdate: true, supportsPsk: false);
        if (await ListAsync(pending, cancellationToken) is { } tooMany)
            return tooMany;
        if (isTested)
            await AddTestNoticeAsync(details, _state.State.Profile);
        var replaced = _state.State.Pending;
        _state.State.Pending = pending;
        await WriteAsync();
        Waits(ApiInvokerId, pending.RequestId);
        if (replaced is not null)
            await UnlistAsync(replaced.RequestId, cancellationToken);
        await SendNoticesAsync(cancellationToken);
        return Outcome.Done;
    }

    private PendingEnrolmentState Pending(ApiInvokerEnrolmentDetails details, bool isUpdate, bool supportsPsk)
    {
        var now = _time.GetUtcNow();
        return new PendingEnrolmentState
        {
            RequestId = PendingEvents.NewId(),
            Details = details,
            IsUpdate = isUpdate,
            SupportsPsk = supportsPsk,
            RequestedAt = now,
            ExpiresAt = now + _options.ApprovalTimeout,
        };
    }

    /// <summary>
    /// Before the write: a request that is listed and not written is taken off again, one that is written and not listed nobody would find.
    /// </summary>
    private async Task<Refusal?> ListAsync(PendingEnrolmentState pending, CancellationToken cancellationToken)
    {
        if ((await PendingEnrolments.AddAsync(pending.RequestId, ApiInvokerId, cancellationToken)).Refusal is { } tooMany)
            return tooMany;
        await this.RegisterOrUpdateReminder(ApprovalReminder, Clamp(_options.ApprovalTimeout), ApprovalRetry);
        return null;
    }

    private async Task<Refusal?> ApproveOnboardingAsync(PendingEnrolmentState pending, CancellationToken cancellationToken)
    {
        var request = new OnboardingRequest
        {
            Details = pending.Details,
            EnrolmentUser = _state.State.EnrolmentUser!,
            SupportsPsk = pending.SupportsPsk,
            ApiRoot = _state.State.ApiRoot,
        };
        // What held when it came may not hold any more.
        if (!(await CheckOnboardingAsync(request, cancellationToken)).TryGet(out var candidate, out var refusal))
            return refusal;
        return (await EnrolAsync(request, candidate.Key, candidate.Certificate.IsThirdParty, cancellationToken)).Refusal;
    }

    private async Task<Refusal?> ApproveUpdateAsync(PendingEnrolmentState pending, CancellationToken cancellationToken) =>
        (await UpdateAsync(pending.Details, pending, isTested: false, cancellationToken)).Refusal;

    private async Task RefuseAsync(PendingEnrolmentState pending, CancellationToken cancellationToken)
    {
        await AddOnboardingNoticeAsync(pending, null);
        if (pending.IsUpdate)
        {
            _state.State.Pending = null;
            await WriteAsync();
            await UnlistAsync(pending.RequestId, cancellationToken);
            await this.EndReminderAsync(ApprovalReminder);
            await SendNoticesAsync(cancellationToken);
            return;
        }

        // Due at once: it waits for this call to end, and a restart in its middle goes on without delay.
        await this.RegisterOrUpdateReminder(ApprovalReminder, TimeSpan.Zero, ApprovalRetry);
        pending.IsRefused = true;
        await WriteAsync();
        await FinishRefusalAsync(pending, cancellationToken);
    }

    /// <summary>What is left of a refused onboarding, each step idempotent; then there is nothing of it.</summary>
    private async Task FinishRefusalAsync(PendingEnrolmentState pending, CancellationToken cancellationToken)
    {
        await GrainFactory.GetGrain<IPublicKeyReservationGrain>(_state.State.Certificate!.PublicKeySha256)
            .ReleaseAsync(new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true }, cancellationToken);
        await UnlistAsync(pending.RequestId, cancellationToken);
        await HandOverNoticesAsync(cancellationToken);
        await _state.ClearStateAsync();
        await this.EndReminderAsync(PendingEvents.Reminder);
        await this.EndReminderAsync(ApprovalReminder);
        await _procedures.StepDoneAsync(ApprovalReminder, ApiInvokerId, RefusalCompleted);
        DeactivateOnIdle();
    }

    private async Task RemindedOfApprovalAsync()
    {
        if (_state.State.Pending is not { } pending)
        {
            await this.EndReminderAsync(ApprovalReminder);
        }
        else if (pending.IsRefused)
        {
            await FinishRefusalAsync(pending, CancellationToken.None);
        }
        else if (pending.ExpiresAt <= _time.GetUtcNow())
        {
            Undecided(ApiInvokerId, pending.RequestId);
            await RefuseAsync(pending, CancellationToken.None);
        }
        else
        {
            await this.RegisterOrUpdateReminder(ApprovalReminder, Clamp(pending.ExpiresAt - _time.GetUtcNow()), ApprovalRetry);
        }
    }

    private Task UnlistAsync(string requestId, CancellationToken cancellationToken) => PendingEnrolments.RemoveAsync([requestId], cancellationToken);

    [LoggerMessage(5, LogLevel.Information, "API invoker {ApiInvokerId}: request {RequestId} waits for the operator")]
    private partial void Waits(string apiInvokerId, string requestId);

    [LoggerMessage(6, LogLevel.Information, "API invoker {ApiInvokerId}: request {RequestId} was approved by the operator")]
    private partial void Approved(string apiInvokerId, string requestId);

    [LoggerMessage(7, LogLevel.Information, "API invoker {ApiInvokerId}: request {RequestId} was refused by the operator")]
    private partial void Refused(string apiInvokerId, string requestId);

    [LoggerMessage(8, LogLevel.Warning, "API invoker {ApiInvokerId}: request {RequestId} was not decided in time and is refused")]
    private partial void Undecided(string apiInvokerId, string requestId);
}

/// <summary>An onboarding that was checked.</summary>
internal sealed record OnboardingCandidate(SubjectPublicKey Key, CertificateRecord Certificate);
