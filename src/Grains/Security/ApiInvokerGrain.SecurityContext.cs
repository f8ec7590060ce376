using System.Runtime.InteropServices;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>The API invoker's security context: negotiation and the AEF's question (29.222 5.6, 33.122 6.3.1.2).</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string NoContext = "API Invoker has no security context";

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> CreateSecurityContextAsync(ServiceSecurity context, CapifSession? session, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        return await NegotiateAsync(context, session, [], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> UpdateSecurityContextAsync(ServiceSecurity context, CapifSession? session, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is null)
            return ContextNotFound();
        return await NegotiateAsync(context, session, [], cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(SecurityContextQuery query, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return Task.FromResult<Outcome<ServiceSecurity>>(NotOnboarded);
        if (_state.State.SecurityContext is not { } context)
            return Task.FromResult<Outcome<ServiceSecurity>>(ContextNotFound());
        ImmutableArray<SecurityInformation> entries =
        [
            .. context.Entries.Where(entry => entry.CcfId is null && entry.AefIds.Contains(query.AefId)).Select(entry => ForAef(entry, query)),
        ];
        return Task.FromResult<Outcome<ServiceSecurity>>(entries.IsEmpty ? ContextNotFound() : Answer(context, entries));
    }

    private async Task<Outcome<ServiceSecurity>> NegotiateAsync(
        ServiceSecurity context, CapifSession? session, ImmutableArray<PeerSelection> selections, CancellationToken cancellationToken)
    {
        var features = NotificationFeature.Negotiate(context.SupportedFeatures, _profile.SecurityFeatures ?? SecurityFeature.Supported);
        var before = _state.State.SecurityWebsocket;
        // A context that is gone has no websocket any more: a second one is one of the same context.
        var current = _state.State.SecurityContext is null ? null : before;
        if ((SecurityContextRules.Check(context, features, _profile) ?? NotificationFeature.Check(features, context.WebsockNotifConfig, current)) is { } fault)
            return fault;
        var entries = ImmutableArray.CreateBuilder<SecurityContextEntry>(context.SecurityInfo.Length);
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            if (selections.FirstOrDefault(one => one.Index == index) is { } selection)
            {
                entries.Add(OfPeer(context.SecurityInfo[index], selection));
                continue;
            }

            var outcome = await NegotiateAsync(context.SecurityInfo[index], $"securityInfo[{index}]", session is not null, cancellationToken);
            if (!outcome.TryGet(out var entry, out var refusal))
                return refusal;
            entries.Add(entry);
        }

        var negotiated = new SecurityContextState
        {
            NotificationDestination = context.NotificationDestination,
            SupportedFeatures = features,
            VendorSpecific = context.VendorSpecific,
            Entries = entries.DrainToImmutable(),
        };
        await TellLeftPeersAsync(_state.State.SecurityContext, negotiated, cancellationToken);
        var websocket = NotificationFeature.Accept(features, context.WebsockNotifConfig, current);
        await NotificationFeature.SwitchAsync(GrainFactory, ApiInvokerId, null, websocket, cancellationToken);
        _state.State.SecurityWebsocket = websocket;
        _state.State.SecurityContext = negotiated;
        DeriveAefKeys(negotiated, session);
        _state.State.KnownToAefs.UnionWith(negotiated.Entries.Where(entry => entry.CcfId is null).SelectMany(entry => entry.AefIds));
        _state.State.KnownToPeers.UnionWith(negotiated.Entries.Select(entry => entry.CcfId).OfType<string>());
        var authorized = await NotePoliciesAsync(negotiated, cancellationToken);
        await WriteAsync();
        await NotificationFeature.SwitchAsync(GrainFactory, ApiInvokerId, before, websocket, cancellationToken);
        await GrantPoliciesAsync(authorized, cancellationToken);
        await TestSecurityNotificationsAsync(context, features, websocket, cancellationToken);
        return Answer(negotiated, [.. negotiated.Entries.Select(ForInvoker)]) with
        {
            // Where a profile negotiates no tests, an AEF must read what the API invoker was answered.
            RequestTestNotification = _profile.SecurityFeatures is null ? context.RequestTestNotification : null,
            WebsockNotifConfig = websocket,
        };
    }

    /// <summary>29.122 5.2.5.3, before the answer: who has it knows that the test will come.</summary>
    private async Task TestSecurityNotificationsAsync(
        ServiceSecurity context, SupportedFeatures? features, WebsockNotifConfig? websocket, CancellationToken cancellationToken)
    {
        var test = NotificationFeature.Test(
            context.RequestTestNotification, features, $"{_state.State.ApiRoot}/capif-security/v1/trustedInvokers/{ApiInvokerId}",
            context.NotificationDestination, NotificationFeature.ChannelOf(websocket), _time.GetUtcNow());
        if (test is not null)
        {
            await Notices(SecurityNotices).EnqueueAsync(
                new InvokerNotice
                {
                    NoticeId = test.Id,
                    Destination = test.Destination,
                    Channel = test.Channel,
                    Json = ImmutableCollectionsMarshal.AsImmutableArray(test.Body),
                },
                cancellationToken);
        }
    }

    private async Task<Outcome<SecurityContextEntry>> NegotiateAsync(
        SecurityInformation wanted, string path, bool psk, CancellationToken cancellationToken)
    {
        HashSet<SecurityMethod> offered;
        ImmutableArray<string> aefIds;
        ImmutableArray<PublishedServiceApi> published;
        if (wanted.AefId is { } aefId)
        {
            published = OfApi(await Discovery.FindByAefAsync(aefId, null, cancellationToken), wanted.ApiId);
            if (published.IsEmpty)
                return Unknown(wanted, path);
            (offered, aefIds) = (SecurityMethodSelection.OfferedBy(aefId, published), [aefId]);
        }
        else
        {
            published = OfApi(await Discovery.FindByInterfaceAsync(wanted.InterfaceDetails!, cancellationToken), wanted.ApiId);
            if (published.IsEmpty)
                return Unknown(wanted, path);
            offered = SecurityMethodSelection.OfferedAt(wanted.InterfaceDetails!, published);
            aefIds = SecurityMethodSelection.AefsAt(wanted.InterfaceDetails!, published);
        }

        // What the invoker sent as authentication or authorization information is not kept: an AEF must be able to take what it reads here
        // as this core function's word (33.122 6.3.1).
        var selected = SecurityMethodSelection.Select(InOrder(wanted.PrefSecurityMethods), offered, psk);
        var isKept = _profile.RepeatsSecurityInformation && selected != SecurityMethod.Pki;
        var information = wanted with
        {
            SelSecurityMethod = selected,
            AuthenticationInfo = isKept ? SecurityContextRules.Inert(wanted.AuthenticationInfo) : null,
            AuthorizationInfo = isKept ? SecurityContextRules.Inert(wanted.AuthorizationInfo) : null,
            GrantType = SecurityMethodSelection.SelectGrantTypes(wanted.GrantType, aefIds, published),
        };
        return new SecurityContextEntry { Information = information, AefIds = aefIds };
    }

    /// <summary>The methods that an API invoker prefers, in its order or in the profile's.</summary>
    private IEnumerable<SecurityMethod> InOrder(ImmutableArray<SecurityMethod> preferred) =>
        _profile.SecurityMethodOrder is { } order ? preferred.OrderBy(one => order.IndexOf(one)) : preferred;

    private IDiscoveryGrain Discovery => GrainFactory.GetGrain<IDiscoveryGrain>(0);

    // What a peer published is the peer's to select for.
    private static ImmutableArray<PublishedServiceApi> OfApi(ImmutableArray<PublishedServiceApi> published, string? apiId) =>
        [.. published.Where(one => one.PeerCcfId is null && (apiId is null || one.Description.ApiId == apiId))];

    private static Refusal Unknown(SecurityInformation wanted, string path) => wanted switch
    {
        { AefId: null } => Refusal.OfAttribute($"{path}.interfaceDetails", "no service API is published at this interface"),
        { ApiId: null } => Refusal.OfAttribute($"{path}.aefId", "no service API is published for this AEF"),
        _ => Refusal.OfAttribute($"{path}.apiId", "this AEF has no published service API of this identifier", cause: "OPTIONAL_IE_INCORRECT"),
    };

    private SecurityInformation ForAef(SecurityContextEntry entry, SecurityContextQuery query) => entry.Information with
    {
        AuthenticationInfo = !query.AuthenticationInfo ? null : entry.Information.SelSecurityMethod switch
        {
            SecurityMethod.Pki => _tokens.TrustBundle,
            SecurityMethod.Psk => AefKey(query.AefId),
            _ => entry.Information.AuthenticationInfo,
        },
        AuthorizationInfo = !query.AuthorizationInfo ? null
            : entry.Information.AuthorizationInfo ?? (entry.Information.SelSecurityMethod == SecurityMethod.Oauth ? _tokens.TokenKeys : null),
    };

    private static ServiceSecurity Answer(SecurityContextState context, ImmutableArray<SecurityInformation> entries)
    {
        var answer = new ServiceSecurity
        {
            SecurityInfo = entries,
            NotificationDestination = context.NotificationDestination,
            SupportedFeatures = context.SupportedFeatures,
        };
        return context.VendorSpecific is { } attributes ? answer.WithVendorSpecific(attributes) : answer;
    }

    private static Refusal ContextNotFound() => Refusal.NotFound("Security context not found", NoContext);
}
