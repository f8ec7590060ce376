using CapifOrleans.Discover;
using CapifOrleans.Grains.Security;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>The API invoker's security context: negotiation, the AEF's question, revocation (29.222 5.6, 33.122 6.3.1.2).</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string NoContext = "API Invoker has no security context";
    // Feature 3: SecurityInfoPerAPI (29.222 8.5.6).
    private static readonly SupportedFeatures SecurityFeatures = SupportedFeatures.Of(3);

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> CreateSecurityContextAsync(ServiceSecurity context, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        return await NegotiateAsync(context, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> UpdateSecurityContextAsync(ServiceSecurity context, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is null)
            return ContextNotFound();
        return await NegotiateAsync(context, cancellationToken);
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
            .. context.Entries.Where(entry => entry.AefIds.Contains(query.AefId)).Select(entry => ForAef(entry, query)),
        ];
        return Task.FromResult<Outcome<ServiceSecurity>>(entries.IsEmpty ? ContextNotFound() : Answer(context, entries));
    }

    /// <inheritdoc/>
    public Task<Outcome> DeleteSecurityContextAsync(string aefId, CancellationToken cancellationToken) => RevokeAsync(
        aefId, Cause.OtherReason, entries => [.. entries.Select(entry => WithoutAef(entry, aefId)).OfType<SecurityContextEntry>()], null, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RevokeAuthorizationAsync(string aefId, SecurityNotification notification, CancellationToken cancellationToken)
    {
        if (notification.ApiInvokerId != ApiInvokerId)
            return Task.FromResult<Outcome>(Refusal.OfAttribute("apiInvokerId", "is not the API invoker of the path"));
        if (notification.AefId is { } named && named != aefId)
            return Task.FromResult<Outcome>(Refusal.OfAttribute("aefId", "is not the AEF that asks", cause: "OPTIONAL_IE_INCORRECT"));
        return RevokeAsync(
            aefId, notification.Cause, entries => [.. entries.Select(entry => WithoutApis(entry, aefId, notification.ApiIds)).OfType<SecurityContextEntry>()],
            notification.ApiIds, cancellationToken);
    }

    private async Task<Outcome<ServiceSecurity>> NegotiateAsync(ServiceSecurity context, CancellationToken cancellationToken)
    {
        var entries = ImmutableArray.CreateBuilder<SecurityContextEntry>(context.SecurityInfo.Length);
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            var outcome = await NegotiateAsync(context.SecurityInfo[index], $"securityInfo[{index}]", cancellationToken);
            if (!outcome.TryGet(out var entry, out var refusal))
                return refusal;
            entries.Add(entry);
        }

        var negotiated = new SecurityContextState
        {
            NotificationDestination = context.NotificationDestination,
            SupportedFeatures = context.SupportedFeatures?.Intersect(SecurityFeatures),
            Entries = entries.DrainToImmutable(),
        };
        _state.State.SecurityContext = negotiated;
        _state.State.KnownToAefs.UnionWith(negotiated.Entries.SelectMany(entry => entry.AefIds));
        await WriteAsync();
        return Answer(negotiated, [.. negotiated.Entries.Select(entry => entry.Information)]);
    }

    private async Task<Outcome<SecurityContextEntry>> NegotiateAsync(SecurityInformation wanted, string path, CancellationToken cancellationToken)
    {
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        HashSet<SecurityMethod> offered;
        ImmutableArray<string> aefIds;
        if (wanted.AefId is { } aefId)
        {
            var published = OfApi(await discovery.FindByAefAsync(aefId, null, cancellationToken), wanted.ApiId);
            if (published.IsEmpty)
                return Unknown(wanted, path);
            (offered, aefIds) = (SecurityMethodSelection.OfferedBy(aefId, published), [aefId]);
        }
        else
        {
            var published = OfApi(await discovery.FindByInterfaceAsync(wanted.InterfaceDetails!, cancellationToken), wanted.ApiId);
            if (published.IsEmpty)
                return Unknown(wanted, path);
            offered = SecurityMethodSelection.OfferedAt(wanted.InterfaceDetails!, published);
            aefIds = SecurityMethodSelection.AefsAt(wanted.InterfaceDetails!, published);
        }

        // What the invoker sent as authentication or authorization information is not kept: an AEF must be able to take what it reads here
        // as this core function's word (33.122 6.3.1).
        var information = wanted with
        {
            SelSecurityMethod = SecurityMethodSelection.Select(wanted.PrefSecurityMethods, offered),
            AuthenticationInfo = null,
            AuthorizationInfo = null,
        };
        return new SecurityContextEntry { Information = information, AefIds = aefIds };
    }

    private static ImmutableArray<PublishedServiceApi> OfApi(ImmutableArray<PublishedServiceApi> published, string? apiId) =>
        apiId is null ? published : [.. published.Where(one => one.Description.ApiId == apiId)];

    private static Refusal Unknown(SecurityInformation wanted, string path) => wanted switch
    {
        { AefId: null } => Refusal.OfAttribute($"{path}.interfaceDetails", "no service API is published at this interface"),
        { ApiId: null } => Refusal.OfAttribute($"{path}.aefId", "no service API is published for this AEF"),
        _ => Refusal.OfAttribute($"{path}.apiId", "this AEF has no published service API of this identifier", cause: "OPTIONAL_IE_INCORRECT"),
    };

    private async Task<Outcome> RevokeAsync(
        string aefId, Cause cause, Func<ImmutableArray<SecurityContextEntry>, ImmutableArray<SecurityContextEntry>> without,
        ImmutableArray<string>? apiIds, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is not { } context || !context.Entries.Any(entry => entry.AefIds.Contains(aefId)))
            return ContextNotFound();
        var left = without(context.Entries);
        _state.State.SecurityContext = left.IsEmpty
            ? null
            : new SecurityContextState
            {
                NotificationDestination = context.NotificationDestination,
                SupportedFeatures = context.SupportedFeatures,
                Entries = left,
            };
        var revoked = apiIds ?? await ApiIdsOfAsync(aefId, cancellationToken);
        await PublishRevocationAsync(context.NotificationDestination, aefId, revoked, cause, cancellationToken);
        return Outcome.Done;
    }

    private async Task<ImmutableArray<string>> ApiIdsOfAsync(string aefId, CancellationToken cancellationToken)
    {
        var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken);
        return [.. published.Select(one => one.Description.ApiId!)];
    }

    private static SecurityContextEntry? WithoutAef(SecurityContextEntry entry, string aefId)
    {
        var left = entry.AefIds.Remove(aefId);
        return left.IsEmpty ? null : new SecurityContextEntry { Information = entry.Information, AefIds = left, RevokedApiIds = entry.RevokedApiIds };
    }

    private static SecurityContextEntry? WithoutApis(SecurityContextEntry entry, string aefId, ImmutableArray<string> apiIds)
    {
        if (!entry.AefIds.Contains(aefId))
            return entry;
        if (entry.Information.ApiId is { } only)
            return apiIds.Contains(only) ? null : entry;
        return new SecurityContextEntry
        {
            Information = entry.Information,
            AefIds = entry.AefIds,
            RevokedApiIds = [.. entry.RevokedApiIds.Union(apiIds, StringComparer.Ordinal)],
        };
    }

    private SecurityInformation ForAef(SecurityContextEntry entry, SecurityContextQuery query) => entry.Information with
    {
        AuthenticationInfo = query.AuthenticationInfo && entry.Information.SelSecurityMethod == SecurityMethod.Pki ? _tokens.TrustBundle : null,
        AuthorizationInfo = query.AuthorizationInfo && entry.Information.SelSecurityMethod == SecurityMethod.Oauth ? _tokens.TokenKeys : null,
    };

    private static ServiceSecurity Answer(SecurityContextState context, ImmutableArray<SecurityInformation> entries) => new()
    {
        SecurityInfo = entries,
        NotificationDestination = context.NotificationDestination,
        SupportedFeatures = context.SupportedFeatures,
    };

    private static Refusal ContextNotFound() => Refusal.NotFound("Security context not found", NoContext);
}
