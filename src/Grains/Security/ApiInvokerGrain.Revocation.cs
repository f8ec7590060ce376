using System.Runtime.InteropServices;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// Revocation of authorizations (29.222 5.6.2.5, 8.5.3): what they allowed is taken away, tokens that are still out are void at the AEF, the
/// invoker is told, and so is who subscribed.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    /// <inheritdoc/>
    public Task<Outcome> DeleteSecurityContextAsync(string aefId, CancellationToken cancellationToken) => RevokeAsync(
        aefId, Cause.OtherReason, entries => [.. entries.Select(entry => WithoutAef(entry, aefId)).OfType<SecurityContextEntry>()], null,
        tells: !_profile.DeletesWithoutRevocation, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RevokeAuthorizationAsync(string aefId, SecurityNotification notification, CancellationToken cancellationToken)
    {
        if (notification.ApiInvokerId != ApiInvokerId)
            return Refusal.OfAttribute("apiInvokerId", "is not the API invoker of the path");
        if (notification.AefId is { } named && named != aefId)
            return Refusal.OfAttribute("aefId", "is not the AEF that asks", cause: "OPTIONAL_IE_INCORRECT");
        // Without CAPIF_Ext1 a token is no part of the notification: the service APIs are revoked whole.
        if (notification.AccessToken is { } token && _state.State.SecurityContext?.SupportedFeatures?.Has(SecurityFeature.CapifExt1) == true)
            return await RevokeTokenAsync(aefId, notification, token, cancellationToken);
        return await RevokeAsync(
            aefId, notification.Cause, entries => [.. entries.Select(entry => WithoutApis(entry, aefId, notification.ApiIds)).OfType<SecurityContextEntry>()],
            notification.ApiIds, tells: true, cancellationToken);
    }

    /// <summary>CAPIF_Ext1: one grant ends; what the context allows stays (23.222 8.23.4).</summary>
    private async Task<Outcome> RevokeTokenAsync(string aefId, SecurityNotification notification, string token, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is not { } context || !context.Entries.Any(entry => entry.AefIds.Contains(aefId)))
            return ContextNotFound();
        if (!_tokens.IsIssuedTo(ApiInvokerId, token))
            return Refusal.OfAttribute("access_token", "is no token of this API invoker", cause: "OPTIONAL_IE_INCORRECT");
        await PublishRevocationAsync(
            context, context, Revocation(notification.ApiIds) with { TokenSha256 = AccessTokenIssuer.Sha256Hex(token) },
            [aefId], notification.ApiIds, notification.Cause, token, tells: true, cancellationToken);
        return Outcome.Done;
    }

    private async Task<Outcome> RevokeAsync(
        string aefId, Cause cause, Func<ImmutableArray<SecurityContextEntry>, ImmutableArray<SecurityContextEntry>> without,
        ImmutableArray<string>? apiIds, bool tells, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is not { } context || !context.Entries.Any(entry => entry.AefIds.Contains(aefId)))
            return ContextNotFound();
        var revoked = apiIds ?? await ApiIdsOfAsync(aefId, cancellationToken);
        var left = without(context.Entries);
        var after = left.IsEmpty
            ? null
            : context with { Entries = left };
        await PublishRevocationAsync(context, after, Revocation(apiIds ?? []), [aefId], revoked, cause, null, tells, cancellationToken);
        return Outcome.Done;
    }

    private AuthorizationRevocation Revocation(ImmutableArray<string> apiIds)
    {
        var now = _time.GetUtcNow();
        return new AuthorizationRevocation
        {
            RevocationId = PendingEvents.NewId(),
            ApiInvokerId = ApiInvokerId,
            ApiIds = apiIds,
            RevokedAt = now,
            KeepUntil = now + InvokerOptions.LongestTokenLifetime,
        };
    }

    /// <summary>
    /// What follows a revocation, and the write that makes it hold: the context is <paramref name="after"/> then. The AEFs and the notice come before the write: a crash in between leaves
    /// tokens void and tells the invoker of a revocation that it may not find, and who asked got no answer and asks again.
    /// </summary>
    private async Task PublishRevocationAsync(
        SecurityContextState context, SecurityContextState? after, AuthorizationRevocation revocation, ImmutableArray<string> aefIds,
        ImmutableArray<string> apiIds, Cause cause, string? token, bool tells, CancellationToken cancellationToken)
    {
        // A peer's AEFs are the peer's to tell.
        foreach (var aefId in aefIds.Where(one => context.CcfOf(one) is null))
            await GrainFactory.GetGrain<IAefGrain>(aefId).AuthorizationRevokedAsync(revocation, cancellationToken);
        // A notice must name a service API; an AEF that publishes none any more has nothing that could be named.
        if (!apiIds.IsEmpty)
        {
            var notice = new SecurityNotification
            {
                ApiInvokerId = ApiInvokerId,
                AefId = aefIds.Length == 1 ? aefIds[0] : null,
                ApiIds = apiIds,
                AccessToken = token,
                Cause = Known(cause, context.SupportedFeatures),
            };
            await Notices(SecurityNotices).EnqueueAsync(
                new InvokerNotice
                {
                    NoticeId = revocation.RevocationId,
                    Destination = context.NotificationDestination,
                    Channel = NotificationFeature.ChannelOf(_state.State.SecurityWebsocket),
                    Json = ImmutableCollectionsMarshal.AsImmutableArray(WireJson.SerializeToUtf8Bytes(notice)),
                    // It may name a token.
                    IsSecret = token is not null,
                },
                cancellationToken);
        }

        if (tells)
        {
            await AddEventAsync(
                CapifEvent.ApiInvokerAuthorizationRevoked, new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] }, aefIds, apiIds, cancellationToken,
                revocation.RevocationId);
        }

        await NoteEndedPoliciesAsync(after, aefIds, apiIds);
        _state.State.SecurityContext = after;
        KeepAefKeysOf(after);
        await WriteAsync();
        await EndPoliciesAsync(cancellationToken);
        await PublishPendingAsync(cancellationToken);
    }

    /// <summary>AUTHORIZATION_ISSUE is of feature CAPIF_4: who did not negotiate it hears of another reason.</summary>
    private static Cause Known(Cause cause, SupportedFeatures? negotiated) =>
        cause == Cause.AuthorizationIssue && negotiated?.Has(SecurityFeature.Capif4) != true ? Cause.OtherReason : cause;

    private async Task<ImmutableArray<string>> ApiIdsOfAsync(string aefId, CancellationToken cancellationToken)
    {
        var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken);
        return [.. published.Select(one => one.Description.ApiId!)];
    }

    private static SecurityContextEntry? WithoutAef(SecurityContextEntry entry, string aefId)
    {
        var left = entry.AefIds.Remove(aefId);
        return left.IsEmpty ? null : entry with { AefIds = left };
    }

    private static SecurityContextEntry? WithoutApis(SecurityContextEntry entry, string aefId, ImmutableArray<string> apiIds)
    {
        if (!entry.AefIds.Contains(aefId))
            return entry;
        if (entry.Information.ApiId is { } only)
            return apiIds.Contains(only) ? null : entry;
        return entry with { RevokedApiIds = [.. entry.RevokedApiIds.Union(apiIds, StringComparer.Ordinal)] };
    }
}
