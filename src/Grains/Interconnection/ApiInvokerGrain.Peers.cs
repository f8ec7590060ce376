using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// An API invoker of ours that uses AEFs of peers (seed 003, "CCF-B"): the peer selected the method, this grain derives the keys, and the peer asks for
/// them.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> NegotiateInterconnectedAsync(
        ServiceSecurity context, CapifSession? session, ImmutableArray<PeerSelection> selections, bool isUpdate, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (isUpdate && _state.State.SecurityContext is null)
            return ContextNotFound();
        return await NegotiateAsync(context, session, selections, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<InterconnectedSecurity>> GetSecurityContextForPeerAsync(SecurityContextQuery query, CancellationToken cancellationToken)
    {
        var context = IsOnboarded ? _state.State.SecurityContext : null;
        ImmutableArray<SecurityContextEntry> found =
        [
            .. (context?.Entries ?? []).Where(entry =>
                entry.CcfId is not null && entry.CcfId == query.CcfId && entry.AefIds.Contains(query.AefId) && entry.Information.SelSecurityMethod is not null),
        ];
        if (found.IsEmpty)
            return Task.FromResult<Outcome<InterconnectedSecurity>>(ContextNotFound());
        var ends = EndOf(found, query.AefId);
        var answer = Answer(context!, [.. found.Select(entry => ForPeer(entry, query))]);
        return Task.FromResult<Outcome<InterconnectedSecurity>>(new InterconnectedSecurity
        {
            // Where the invoker is told is nobody's business but ours.
            Context = answer with { NotificationDestination = OwnNotificationDestination(), SupportedFeatures = null },
            Negotiation = "",
            ExpiresAt = ends,
        });
    }

    /// <inheritdoc/>
    public async Task<Outcome> RevokeByPeerAsync(string ccfId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (notification is not null && notification.ApiInvokerId != ApiInvokerId)
            return Refusal.OfAttribute("apiInvokerId", "is not the API invoker of the path");
        var context = _state.State.SecurityContext;
        ImmutableArray<string> aefIds =
        [
            .. (context?.Entries ?? []).Where(entry => entry.CcfId == ccfId).SelectMany(entry => entry.AefIds).Distinct(StringComparer.Ordinal)
                .Where(aefId => notification?.AefId is null || notification.AefId == aefId),
        ];
        if (aefIds.IsEmpty)
            return ContextNotFound();
        var left = context!.Entries;
        var apiIds = notification?.ApiIds ?? [];
        foreach (var aefId in aefIds)
        {
            left = [.. left.Select(entry => notification is null ? WithoutAef(entry, aefId) : WithoutApis(entry, aefId, apiIds)).OfType<SecurityContextEntry>()];
            if (notification is null)
                apiIds = [.. apiIds.Union(await ApiIdsOfAsync(aefId, cancellationToken), StringComparer.Ordinal)];
        }

        await PublishRevocationAsync(
            context, left.IsEmpty ? null : context with { Entries = left }, Revocation(apiIds), aefIds, apiIds, notification?.Cause ?? Cause.OtherReason, null,
            tells: true, cancellationToken);
        return Outcome.Done;
    }

    /// <summary>An entry for which a peer selected. Resource owners are the peer's: no grant of theirs is to be had through it.</summary>
    private static SecurityContextEntry OfPeer(SecurityInformation wanted, PeerSelection selection) => new()
    {
        Information = wanted with
        {
            SelSecurityMethod = selection.SelSecurityMethod,
            AuthenticationInfo = null,
            AuthorizationInfo = null,
            GrantType = null,
        },
        AefIds = selection.AefIds,
        CcfId = selection.CcfId,
    };

    /// <summary>What a peer's AEF authenticates the invoker by; tokens for it are the peer's own.</summary>
    private SecurityInformation ForPeer(SecurityContextEntry entry, SecurityContextQuery query) =>
        ForAef(entry, query with { AuthorizationInfo = false }) with { PrefSecurityMethods = [entry.Information.SelSecurityMethod!.Value] };

    /// <summary>Until when it holds: the validity of the key, or as long as a key would be valid, and never past the invoker's certificate.</summary>
    private DateTimeOffset EndOf(ImmutableArray<SecurityContextEntry> entries, string aefId)
    {
        var ends = _time.GetUtcNow() + _options.AefPskLifetime;
        if (entries.Any(entry => entry.Information.SelSecurityMethod == SecurityMethod.Psk) && FindAefKey(aefId) is { } key && key.ExpiresAt < ends)
            ends = key.ExpiresAt;
        return _state.State.Certificate is { } certificate && certificate.ExpiresAt < ends ? certificate.ExpiresAt : ends;
    }

    /// <summary>
    /// Before a negotiation replaces another: what a peer selected and the new context has no longer is told to the peer, which would keep it. Durable, so
    /// that it comes before the write.
    /// </summary>
    private async Task TellLeftPeersAsync(SecurityContextState? before, SecurityContextState after, CancellationToken cancellationToken)
    {
        foreach (var entry in (before?.Entries ?? []).Where(one => one.CcfId is not null))
        {
            foreach (var aefId in entry.AefIds.Where(aefId => !after.Entries.Any(one => one.CcfId == entry.CcfId && one.AefIds.Contains(aefId))))
            {
                var apiIds = await ApiIdsOfAsync(aefId, cancellationToken);
                if (apiIds.IsEmpty)
                    continue;
                var notice = new SecurityNotification { ApiInvokerId = ApiInvokerId, AefId = aefId, ApiIds = apiIds, Cause = Cause.OtherReason };
                await GrainFactory.GetGrain<IPeerNoticeGrain>(entry.CcfId!).EnqueueAsync(PendingEvents.NewId(), ApiInvokerId, notice, cancellationToken);
            }
        }
    }

    private string OwnNotificationDestination() =>
        new Uri(_interconnection.Address ?? new Uri("https://localhost/"), $"/capif-security/v1/trustedInvokers/{ApiInvokerId}/delete").ToString();
}
