using CapifOrleans.Discover;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Security;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
[GrainType("interconnected-invoker")]
internal sealed partial class InterconnectedInvokerGrain(
    [PersistentState("invoker", GrainStorage.Name)] IPersistentState<InterconnectedInvokerState> state, AccessTokenIssuer tokens, SecretBox secrets,
    PolicyRegister policies, IProcedureObserver procedures, InterconnectionOptions options, TimeProvider time, ILogger<InterconnectedInvokerGrain> logger)
    : Grain, IInterconnectedInvokerGrain, IRemindable
{
    private const int LongestId = 128;

    // The same for all reasons: a peer must not learn which API invokers others have.
    private static readonly Refusal NotThePeers = Refusal.Of(
        ErrorKind.Forbidden, "This API invoker is not one of the core function that asks.", "API_INVOKER_NOT_ALLOWED");

    private static readonly Refusal NoContext = Refusal.NotFound("Security context not found", "API Invoker has no security context");

    private string ApiInvokerId => this.GetPrimaryKeyString();

    private IDiscoveryGrain Discovery => GrainFactory.GetGrain<IDiscoveryGrain>(0);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.Leaving is not null)
            this.RegisterGrainTimer(LeaveAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        else
            await PublishPendingAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> NegotiateAsync(string ccfId, ServiceSecurity context, CancellationToken cancellationToken)
    {
        if (await OwnerAsync(ccfId, cancellationToken) is { } refusal)
            return refusal;
        var features = context.SupportedFeatures?.Intersect(SecurityFeature.Supported);
        if (SecurityContextRules.Check(context, features) is { } fault)
            return fault;
        if (await GrainFactory.GetGrain<IInterconnectedCcfGrain>(ccfId).GetAsync(cancellationToken) is not { } ccf)
            return NotThePeers;
        var allowed = await PoliciesAsync(ccfId, cancellationToken);
        var entries = ImmutableArray.CreateBuilder<SecurityContextEntry>(context.SecurityInfo.Length);
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            var outcome = await SelectAsync(context.SecurityInfo[index], $"securityInfo[{index}]", ccf, allowed, cancellationToken);
            if (!outcome.TryGet(out var entry, out var unknown))
                return unknown;
            entries.Add(entry);
        }

        await InterconnectedInvokersGrain.Of(GrainFactory, ccfId, ApiInvokerId).AddAsync(ApiInvokerId, cancellationToken);
        var negotiated = new SecurityContextState
        {
            NotificationDestination = context.NotificationDestination,
            SupportedFeatures = features,
            Entries = entries.DrainToImmutable(),
        };
        var authorized = await AuthorizedAsync(negotiated, allowed, cancellationToken);
        var lost = state.State.PolicyApiIds.Except(authorized.Select(one => one.Policy.ApiId), StringComparer.Ordinal).ToList();
        state.State.CcfId = ccfId;
        state.State.Negotiation = Guid.NewGuid().ToString("N");
        state.State.SecurityContext = negotiated;
        state.State.Kept = [];
        state.State.KnownToAefs.UnionWith(negotiated.Entries.Where(entry => entry.Information.SelSecurityMethod is not null).SelectMany(entry => entry.AefIds));
        state.State.PolicyApiIds.UnionWith(authorized.Select(one => one.Policy.ApiId));
        await WriteAsync();
        await SetPoliciesAsync(authorized, cancellationToken);
        await RemovePoliciesAsync(lost, cancellationToken);
        Negotiated(ApiInvokerId, ccfId, negotiated.Entries.Length, negotiated.Entries.Count(entry => entry.Information.SelSecurityMethod is not null));
        return new ServiceSecurity
        {
            SecurityInfo = [.. negotiated.Entries.Select(entry => entry.Information)],
            NotificationDestination = negotiated.NotificationDestination,
            SupportedFeatures = features,
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<InterconnectedSecurity>> GetSecurityContextAsync(SecurityContextQuery query, CancellationToken cancellationToken)
    {
        if (state.State is not { CcfId: { } ccfId, SecurityContext: { } context } || (query.CcfId ?? ccfId) != ccfId)
            return NoContext;
        ImmutableArray<SecurityContextEntry> found =
            [.. context.Entries.Where(entry => entry.AefIds.Contains(query.AefId) && entry.Information.SelSecurityMethod is not null)];
        if (found.IsEmpty || (await AuthorizedAsync(context with { Entries = found }, await PoliciesAsync(ccfId, cancellationToken), cancellationToken)).Count == 0)
            return NoContext;
        var kept = query.AuthenticationInfo ? Find(query.AefId) : null;
        var needsPeer = query.AuthenticationInfo && kept is null
            && found.Any(entry => entry.Information.SelSecurityMethod is SecurityMethod.Psk or SecurityMethod.Pki);
        return new InterconnectedSecurity
        {
            Context = new ServiceSecurity
            {
                SecurityInfo = [.. found.Select(entry => ForAef(entry, query, kept?.AuthenticationInfo))],
                NotificationDestination = context.NotificationDestination,
                SupportedFeatures = context.SupportedFeatures,
            },
            Negotiation = state.State.Negotiation,
            NeedsPeer = needsPeer,
            ExpiresAt = kept?.ExpiresAt,
            CcfId = ccfId,
        };
    }

    /// <inheritdoc/>
    public async Task KeepAsync(string negotiation, PeerSecurityInformation information, CancellationToken cancellationToken)
    {
        if (state.State.Negotiation != negotiation || state.State.SecurityContext is null)
            return;
        state.State.Kept.RemoveAll(one => one.AefId == information.AefId || one.ExpiresAt <= time.GetUtcNow());
        state.State.Kept.Add(new KeptSecurityInformation
        {
            AefId = information.AefId,
            Sealed = secrets.Seal(System.Text.Encoding.UTF8.GetBytes(information.AuthenticationInfo), Place(information.AefId)),
            ExpiresAt = information.ExpiresAt,
        });
        await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task<Outcome<TokenGrant>> AuthorizeTokenAsync(string ccfId, AccessTokenReq request, CancellationToken cancellationToken)
    {
        if (state.State.CcfId != ccfId || state.State.SecurityContext is not { } context)
            return NoContext;
        if (request.ClientId != ApiInvokerId)
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "Client Id not found");
        if (request.GrantType != AccessTokenGrantType.ClientCredentials || request.ResOwnerId is not null)
            return Refusal.Of(ErrorKind.OAuthUnauthorizedClient, "Interconnected API invokers get tokens by client_credentials, for themselves");
        var allowed = (await PoliciesAsync(ccfId, cancellationToken)).Select(one => one.ApiId).ToHashSet(StringComparer.Ordinal);
        var granter = new ScopeGranter(GrainFactory, api => api.PeerCcfId is null && allowed.Contains(api.Description.ApiId!));
        var outcome = await granter.GrantAsync(request.Scope, AllowedGrants.ClientCredentials, context, cancellationToken);
        return outcome.TryGet(out var granted, out var refusal)
            ? new TokenGrant { Scope = granted.Text, IssuedAt = time.GetUtcNow(), CcfId = ccfId }
            : refusal;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.State.Leaving is not null)
        {
            await LeaveAsync(CancellationToken.None);
            return;
        }

        await PublishPendingAsync(CancellationToken.None);
        if (state.State.PendingEvents.Count == 0)
            await PendingEvents.DoneAsync(this);
    }

    /// <summary>Why the API invoker is not that peer's; null where it is, or is nobody's yet.</summary>
    private async Task<Refusal?> OwnerAsync(string ccfId, CancellationToken cancellationToken)
    {
        if (ApiInvokerId.Length > LongestId || !ApiInvokerId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
            return Refusal.OfAttribute("apiInvokerId", $"must be 1 to {LongestId} of A-Z, a-z, 0-9, '.', '_', '-'", ErrorKind.Forbidden, "API_INVOKER_NOT_ALLOWED");
        if (state.State.Leaving is not null)
            return Refusal.Of(ErrorKind.Unavailable, "The end of this API invoker's authorizations is still under way; try again.", "API_INVOKER_LEAVING");
        if ((state.State.CcfId ?? ccfId) != ccfId)
            return NotThePeers;
        return state.State.CcfId is null && await GrainFactory.GetGrain<IApiInvokerGrain>(ApiInvokerId).IsOnboardedAsync(cancellationToken) ? NotThePeers : null;
    }

    private async Task<Outcome<SecurityContextEntry>> SelectAsync(
        SecurityInformation wanted, string path, InterconnectedCcf ccf, ImmutableArray<InterconnectionPolicy> allowed, CancellationToken cancellationToken)
    {
        var isByAef = wanted.AefId is not null;
        var published = isByAef
            ? await Discovery.FindByAefAsync(wanted.AefId!, null, cancellationToken)
            : await Discovery.FindByInterfaceAsync(wanted.InterfaceDetails!, cancellationToken);
        // What is not shared with the peer does not exist for it.
        published = [.. published.Where(one =>
            one.PeerCcfId is null && SharingRules.IsShared(one, ccf, options) && (wanted.ApiId is null || one.Description.ApiId == wanted.ApiId))];
        if (published.IsEmpty)
            return Refusal.OfAttribute($"{path}.{(isByAef ? "aefId" : "interfaceDetails")}", "no service API of it is shared with the core function that asks");
        ImmutableArray<PublishedServiceApi> usable = [.. published.Where(one => allowed.Any(policy => policy.ApiId == one.Description.ApiId))];
        var offered = isByAef ? SecurityMethodSelection.OfferedBy(wanted.AefId!, usable) : SecurityMethodSelection.OfferedAt(wanted.InterfaceDetails!, usable);
        return new SecurityContextEntry
        {
            // Whether method PSK can be had, the API invoker's own core function knows: it holds the session.
            Information = wanted with
            {
                SelSecurityMethod = SecurityMethodSelection.Select(wanted.PrefSecurityMethods, offered, psk: true),
                AuthenticationInfo = null,
                AuthorizationInfo = null,
                GrantType = null,
            },
            AefIds = isByAef ? [wanted.AefId!] : SecurityMethodSelection.AefsAt(wanted.InterfaceDetails!, published),
        };
    }

    private Task<ImmutableArray<InterconnectionPolicy>> PoliciesAsync(string ccfId, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IInterconnectedCcfGrain>(ccfId).GetPoliciesAsync(ApiInvokerId, cancellationToken);

    private SecurityInformation ForAef(SecurityContextEntry entry, SecurityContextQuery query, string? kept) => entry.Information with
    {
        AuthenticationInfo = entry.Information.SelSecurityMethod is SecurityMethod.Psk or SecurityMethod.Pki ? kept : null,
        AuthorizationInfo = query.AuthorizationInfo && entry.Information.SelSecurityMethod == SecurityMethod.Oauth ? tokens.TokenKeys : null,
    };

    private (string AuthenticationInfo, DateTimeOffset ExpiresAt)? Find(string aefId)
    {
        var now = time.GetUtcNow();
        if (state.State.Kept.Find(one => one.AefId == aefId) is not { } kept || kept.ExpiresAt <= now || secrets.TryOpen(kept.Sealed, Place(aefId)) is not { } opened)
            return null;
        var text = System.Text.Encoding.UTF8.GetString(opened);
        // A key is told with the time that is left of it (33.122 6.5.2.1 step 5).
        if (text.StartsWith('{'))
            text = (AefPskInformation.Parse(text) with { ValidityTime = (long)(kept.ExpiresAt - now).TotalSeconds }).ToJson();
        return (text, kept.ExpiresAt);
    }

    private string Place(string aefId) => $"peer {state.State.CcfId} {ApiInvokerId} {aefId}";

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Nobody is answered from memory what no disk holds.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "API invoker {ApiInvokerId} of core function {CcfId} negotiated: {Selected} of {Entries} entries have a method")]
    private partial void Negotiated(string apiInvokerId, string ccfId, int entries, int selected);
}
