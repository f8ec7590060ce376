using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// Revocation, by whichever side, and the end of an API invoker (23.222 8.23, 8.25.3.8; 33.122 6.8 steps 7 to 10): AEFs are told and refuse.
/// </summary>
internal sealed partial class InterconnectedInvokerGrain
{
    private const string Procedure = "interconnected-invoker";

    /// <inheritdoc/>
    public async Task<Outcome> RevokeByAefAsync(string aefId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        if (state.State.SecurityContext is not { } context || !context.Entries.Any(entry => entry.AefIds.Contains(aefId)))
            return NoContext;
        if (notification is not null && notification.ApiInvokerId != ApiInvokerId)
            return Refusal.OfAttribute("apiInvokerId", "is not the API invoker of the path");
        if (notification?.AefId is { } named && named != aefId)
            return Refusal.OfAttribute("aefId", "is not the AEF that asks", cause: "OPTIONAL_IE_INCORRECT");
        // Without CAPIF_Ext1 a token is no part of the notification: the service APIs are revoked whole.
        if (notification?.AccessToken is { } token && context.SupportedFeatures?.Has(SecurityFeature.CapifExt1) == true)
        {
            if (!tokens.IsIssuedTo(ApiInvokerId, token))
                return Refusal.OfAttribute("access_token", "is no token of this API invoker", cause: "OPTIONAL_IE_INCORRECT");
            await RevokeAsync(context, [aefId], notification.ApiIds, notification.Cause, token, tellPeer: true, cancellationToken);
            return Outcome.Done;
        }

        var apiIds = notification?.ApiIds ?? await ApiIdsOfAsync(aefId, cancellationToken);
        await RevokeAsync(Without(context, [aefId], notification?.ApiIds), [aefId], apiIds, notification?.Cause ?? Cause.OtherReason, null, tellPeer: true, cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RevokeByPeerAsync(string ccfId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        if (state.State.CcfId != ccfId)
            return NoContext;
        if (notification is null)
        {
            await LeaveForGoodAsync(cancellationToken);
            return Outcome.Done;
        }

        if (notification.ApiInvokerId != ApiInvokerId)
            return Refusal.OfAttribute("apiInvokerId", "is not the API invoker of the path");
        if (state.State.SecurityContext is not { } context)
            return NoContext;
        ImmutableArray<string> aefIds =
        [
            .. context.Entries.SelectMany(entry => entry.AefIds).Distinct(StringComparer.Ordinal)
                .Where(aefId => notification.AefId is null || notification.AefId == aefId),
        ];
        if (aefIds.IsEmpty)
            return NoContext;
        await RevokeAsync(Without(context, aefIds, notification.ApiIds), aefIds, notification.ApiIds, notification.Cause, null, tellPeer: false, cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task ReviewAsync(CancellationToken cancellationToken)
    {
        if (state.State.CcfId is not { } ccfId || state.State.SecurityContext is not { } context)
            return;
        var authorized = await AuthorizedAsync(context, await PoliciesAsync(ccfId, cancellationToken), cancellationToken);
        var lost = state.State.PolicyApiIds.Except(authorized.Select(one => one.Policy.ApiId), StringComparer.Ordinal).ToImmutableArray();
        if (!lost.IsEmpty)
        {
            ImmutableArray<string> aefIds = [.. context.Entries.SelectMany(entry => entry.AefIds).Distinct(StringComparer.Ordinal)];
            await RevokeAsync(Without(context, aefIds, lost), aefIds, lost, Cause.OtherReason, null, tellPeer: true, cancellationToken);
        }

        // Their bounds may be others now, and some may be new.
        if (authorized.Any(one => state.State.PolicyApiIds.Add(one.Policy.ApiId)))
            await WriteAsync();
        await SetPoliciesAsync(authorized, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string ccfId, CancellationToken cancellationToken) =>
        state.State.CcfId == ccfId ? LeaveForGoodAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>
    /// AEFs and the notice to the peer come before the write, as with our own API invokers: a crash in between leaves tokens void, and who asked got no
    /// answer and asks again.
    /// </summary>
    private async Task RevokeAsync(
        SecurityContextState after, ImmutableArray<string> aefIds, ImmutableArray<string> apiIds, Cause cause, string? token, bool tellPeer,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var revocation = new AuthorizationRevocation
        {
            RevocationId = PendingEvents.NewId(),
            ApiInvokerId = ApiInvokerId,
            ApiIds = apiIds,
            TokenSha256 = token is null ? null : AccessTokenIssuer.Sha256Hex(token),
            RevokedAt = now,
            KeepUntil = now + InvokerOptions.LongestTokenLifetime,
        };
        foreach (var aefId in aefIds)
            await GrainFactory.GetGrain<IAefGrain>(aefId).AuthorizationRevokedAsync(revocation, cancellationToken);
        if (tellPeer)
            await TellPeerAsync(revocation, aefIds, cause, token, cancellationToken);
        if (await PendingEvents.PrepareAsync(this, GrainFactory, CapifEvent.ApiInvokerAuthorizationRevoked, cancellationToken))
        {
            state.State.PendingEvents.Add(new PendingEvent
            {
                EventId = revocation.RevocationId,
                Event = CapifEvent.ApiInvokerAuthorizationRevoked,
                OccurredAt = now,
                Detail = new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] },
                ApiInvokerIds = [ApiInvokerId],
                AefIds = [.. aefIds],
                ApiIds = [.. apiIds],
            });
        }

        var ended = token is not null ? [] : apiIds.Where(apiId => state.State.PolicyApiIds.Contains(apiId) && !IsCovered(after, apiId)).ToList();
        state.State.SecurityContext = after;
        state.State.Kept.RemoveAll(one => !after.Entries.Any(entry => entry.AefIds.Contains(one.AefId)));
        await WriteAsync();
        await RemovePoliciesAsync(ended, cancellationToken);
        if (ended.Count > 0)
        {
            state.State.PolicyApiIds.ExceptWith(ended);
            await WriteAsync();
        }

        await PublishPendingAsync(cancellationToken);
        Revoked(ApiInvokerId, state.State.CcfId, string.Join(',', apiIds));
    }

    private async Task TellPeerAsync(
        AuthorizationRevocation revocation, ImmutableArray<string> aefIds, Cause cause, string? token, CancellationToken cancellationToken)
    {
        var ccfId = state.State.CcfId!;
        // The peer knows service APIs by identifiers of its own. What it does not have, it need not hear of.
        var theirs = await GrainFactory.GetGrain<IPeerSharingGrain>(ccfId).ToPeersAsync(revocation.ApiIds, cancellationToken);
        if (theirs.IsEmpty)
            return;
        var notice = new SecurityNotification
        {
            ApiInvokerId = ApiInvokerId,
            AefId = aefIds.Length == 1 ? aefIds[0] : null,
            ApiIds = [.. theirs.Values.Order(StringComparer.Ordinal)],
            AccessToken = token,
            Cause = cause,
        };
        await GrainFactory.GetGrain<IPeerNoticeGrain>(ccfId).EnqueueAsync(revocation.RevocationId, ApiInvokerId, notice, cancellationToken);
    }

    private async Task LeaveForGoodAsync(CancellationToken cancellationToken)
    {
        if (state.State.Leaving is null)
        {
            await this.RegisterOrUpdateReminder(PendingEvents.Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            var before = state.State;
            state.State = new InterconnectedInvokerState
            {
                CcfId = before.CcfId,
                PendingEvents = before.PendingEvents,
                Leaving = new LeavingState
                {
                    EventId = PendingEvents.NewId(),
                    RequestedAt = time.GetUtcNow(),
                    AefIds = [.. before.KnownToAefs],
                    PolicyApiIds = [.. before.PolicyApiIds],
                },
            };
            await WriteAsync();
        }

        await LeaveAsync(cancellationToken);
    }

    /// <summary>Every step can be done again; the state goes last, so that what is interrupted is found.</summary>
    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (state.State is not { Leaving: { } leaving, CcfId: { } ccfId })
            return;
        await Task.WhenAll(leaving.AefIds.Select(aefId => GrainFactory.GetGrain<IAefGrain>(aefId).InvokerOffboardedAsync(
            new InvokerRevocation
            {
                ApiInvokerId = ApiInvokerId,
                EventId = leaving.EventId,
                RevokedAt = leaving.RequestedAt,
                KeepUntil = leaving.RequestedAt + InvokerOptions.LongestTokenLifetime,
            },
            cancellationToken)));
        await procedures.StepDoneAsync(Procedure, ApiInvokerId, "AefsTold");
        await PendingEvents.PublishAsync(GrainFactory, state.State.PendingEvents, cancellationToken);
        await PendingEvents.Topic(GrainFactory, CapifEvent.ApiInvokerOffboarded).PublishAsync(
            new EventOccurrence
            {
                EventId = leaving.EventId,
                Event = CapifEvent.ApiInvokerOffboarded,
                OccurredAt = leaving.RequestedAt,
                Detail = new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] },
                ApiInvokerIds = [ApiInvokerId],
            },
            cancellationToken);
        await procedures.StepDoneAsync(Procedure, ApiInvokerId, "EventPublished");
        await RemovePoliciesAsync(leaving.PolicyApiIds, cancellationToken);
        await InterconnectedInvokersGrain.Of(GrainFactory, ccfId, ApiInvokerId).RemoveAsync(ApiInvokerId, cancellationToken);
        await state.ClearStateAsync();
        await PendingEvents.DoneAsync(this);
        await procedures.StepDoneAsync(Procedure, ApiInvokerId, "Completed");
        Left(ApiInvokerId, ccfId);
        DeactivateOnIdle();
    }

    private Task PublishPendingAsync(CancellationToken cancellationToken) => PendingEvents.TryPublishAsync(
        GrainFactory, state.State.PendingEvents, WriteAsync, fault => EventsDelayed(ApiInvokerId, fault), cancellationToken);

    private async Task<ImmutableArray<string>> ApiIdsOfAsync(string aefId, CancellationToken cancellationToken) =>
        [.. (await Discovery.FindByAefAsync(aefId, null, cancellationToken)).Select(one => one.Description.ApiId!)];

    /// <summary>The context without service APIs at some AEFs; without the AEFs themselves where no service API is named.</summary>
    private static SecurityContextState Without(SecurityContextState context, ImmutableArray<string> aefIds, ImmutableArray<string>? apiIds)
    {
        var left = ImmutableArray.CreateBuilder<SecurityContextEntry>();
        foreach (var entry in context.Entries)
        {
            var isMeant = entry.AefIds.Any(aefIds.Contains);
            if (!isMeant)
                left.Add(entry);
            else if (apiIds is not { } some)
                AddUnlessEmpty(left, entry with { AefIds = entry.AefIds.RemoveRange(aefIds) });
            else if (entry.Information.ApiId is not { } only || !some.Contains(only))
                left.Add(entry with { RevokedApiIds = [.. entry.RevokedApiIds.Union(some, StringComparer.Ordinal)] });
        }

        return context with { Entries = left.ToImmutable() };
    }

    private static void AddUnlessEmpty(ImmutableArray<SecurityContextEntry>.Builder to, SecurityContextEntry entry)
    {
        if (!entry.AefIds.IsEmpty)
            to.Add(entry);
    }

    private static bool IsCovered(SecurityContextState context, string apiId) => context.Entries.Any(entry =>
        (entry.Information.ApiId is null || entry.Information.ApiId == apiId) && !entry.RevokedApiIds.Contains(apiId));

    [LoggerMessage(2, LogLevel.Information, "Authorizations of API invoker {ApiInvokerId} of core function {CcfId} are revoked: {ApiIds}")]
    private partial void Revoked(string apiInvokerId, string? ccfId, string apiIds);

    [LoggerMessage(3, LogLevel.Information, "API invoker {ApiInvokerId} of core function {CcfId} is gone")]
    private partial void Left(string apiInvokerId, string ccfId);

    [LoggerMessage(4, LogLevel.Warning, "Events of API invoker {ApiInvokerId} could not be published; they are tried again")]
    private partial void EventsDelayed(string apiInvokerId, Exception fault);
}
