using CapifOrleans.Discover;
using CapifOrleans.Grains.Security;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Access tokens (29.222 5.6.2.3, 33.122 6.5.2.3 and Annex C). Nothing is written: a token is valid by its signature.</summary>
internal sealed partial class ApiInvokerGrain
{
    // The last scope that was looked up. It holds while neither the context nor the catalog changed, so that an invoker that asks for the
    // same token again costs neither parsing nor a search.
    private CheckedScope? _checkedScope;

    /// <inheritdoc/>
    public async Task<Outcome<TokenGrant>> AuthorizeTokenAsync(AccessTokenReq request, CancellationToken cancellationToken)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.SecurityContext is not { } context)
            return ContextNotFound();
        if (request.ClientId != ApiInvokerId)
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "Client Id not found");
        // The TLS client certificate has authenticated the invoker; a secret is optional, but a wrong one is a wrong client (29.222 5.6.2.3.2).
        if (request.ClientSecret is { } secret && !IsOnboardSecret(secret))
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "The client secret is wrong");
        if (request.GrantType == AccessTokenGrantType.AuthorizationCode)
            return await TokenByCodeAsync(request, context, cancellationToken);
        if (request.ResOwnerId?.Gpsi is { } gpsi)
            return await OwnersTokenAsync(request.Scope, gpsi, AllowedGrants.OwnersClientCredentials, context, cancellationToken);
        var outcome = await GrantAsync(request.Scope, AllowedGrants.ClientCredentials, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out var refusal))
            return refusal;
        return Token(granted.Text, null);
    }

    private TokenGrant Token(string scope, string? gpsi) => new() { Scope = scope, Gpsi = gpsi, IssuedAt = _time.GetUtcNow() };

    /// <summary>What a scope grants, or all that the security context allows where it is absent.</summary>
    private async Task<Outcome<GrantedScope>> GrantAsync(
        string? text, AllowedGrants by, SecurityContextState context, CancellationToken cancellationToken)
    {
        // The version first: a catalog that changes in between only makes the next request look again.
        var version = await GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").GetVersionAsync(cancellationToken);
        if (_checkedScope is { } known && known.Version == version && known.Text == text && known.By == by && ReferenceEquals(known.Context, context))
            return known.Granted;
        var outcome = text is null ? await WholeScopeAsync(by, context, cancellationToken) : await CheckScopeAsync(text, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out _))
            return outcome;
        if (granted.Apis.IsEmpty || granted.Apis.Any(api => (api.Grants & by) == 0))
            return Refusal.Of(ErrorKind.OAuthUnauthorizedClient, "A service API of the scope is not to be had by this grant type");
        _checkedScope = new CheckedScope(text, by, context, version, granted);
        return outcome;
    }

    /// <summary>29.222 8.5.4.2.6: every AEF is of the security context with OAUTH, every API published there and not revoked.</summary>
    private async Task<Outcome<GrantedScope>> CheckScopeAsync(string text, SecurityContextState context, CancellationToken cancellationToken)
    {
        if (!AccessScope.TryParse(text, ScopeGrammar.Of(context.SupportedFeatures), out var scope, out var reason))
            return Refusal.Of(ErrorKind.OAuthInvalidScope, reason);
        var granted = ImmutableArray.CreateBuilder<GrantedApi>();
        foreach (var aef in scope.Aefs)
        {
            if (!ContextAuthorization.OAuthEntries(context, aef.AefId).Any())
                return Refusal.Of(ErrorKind.OAuthInvalidScope, "One of aef_id not belongs of your security context");
            foreach (var api in aef.Apis)
            {
                var found = await FindAsync(context, aef.AefId, api.ApiName, api.Items, null, cancellationToken);
                if (found.IsEmpty)
                {
                    return Refusal.Of(
                        ErrorKind.OAuthInvalidScope, "One of the api names does not exist or is not associated with the aef id provided");
                }

                granted.AddRange(found);
            }
        }

        foreach (var plain in scope.Strings.Where(one => one.Plain is not null))
        {
            var before = granted.Count;
            foreach (var aefId in ContextAuthorization.OAuthAefs(context))
                granted.AddRange(await FindAsync(context, aefId, plain.PlainApiName!, [], plain.PlainPart, cancellationToken));
            if (granted.Count == before)
                return Refusal.Of(ErrorKind.OAuthInvalidScope, "The first characters must be '3gpp'");
        }

        return new GrantedScope(scope.ToString(), granted.DrainToImmutable());
    }

    private async Task<ImmutableArray<GrantedApi>> FindAsync(
        SecurityContextState context, string aefId, string apiName, ImmutableArray<ScopeItem> items, string? part,
        CancellationToken cancellationToken)
    {
        var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, apiName, cancellationToken);
        return
        [
            .. published.Where(api => ScopeCoverage.Has(api.Description, aefId, items))
                .Select(api => ContextAuthorization.Grant(context, aefId, api)).OfType<GrantedApi>()
                .Select(api => api with { Part = part ?? string.Join(':', items) }),
        ];
    }

    /// <summary>RFC 6749 3.3 leaves open what an absent scope means: here, all that the security context allows to be had by this grant.</summary>
    private async Task<Outcome<GrantedScope>> WholeScopeAsync(AllowedGrants by, SecurityContextState context, CancellationToken cancellationToken)
    {
        var aefs = ImmutableArray.CreateBuilder<AefScope>();
        var granted = ImmutableArray.CreateBuilder<GrantedApi>();
        var isAny = false;
        foreach (var aefId in ContextAuthorization.OAuthAefs(context))
        {
            var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken);
            ImmutableArray<GrantedApi> found = [.. published.Select(api => ContextAuthorization.Grant(context, aefId, api)).OfType<GrantedApi>()];
            isAny |= !found.IsEmpty;
            found = found.RemoveAll(api => (api.Grants & by) == 0);
            if (found.IsEmpty)
                continue;
            granted.AddRange(found);
            aefs.Add(new AefScope(aefId, [.. found.Select(api => api.ApiName).Distinct(StringComparer.Ordinal).Select(ApiScope.Whole)]));
        }

        return isAny
            ? new GrantedScope(AccessScope.Of(aefs.ToImmutable()).ToString(), granted.ToImmutable())
            : Refusal.Of(ErrorKind.OAuthInvalidScope, "The security context has no service API with method OAUTH");
    }

    private sealed record CheckedScope(string? Text, AllowedGrants By, SecurityContextState Context, long Version, GrantedScope Granted);
}
