using CapifOrleans.Discover;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// What a scope grants by a security context (29.222 8.5.4.2.6), of the service APIs that are published and that <paramref name="isAllowed"/> lets
/// through.
/// </summary>
internal sealed class ScopeGranter(IGrainFactory grains, Func<PublishedServiceApi, bool>? isAllowed = null)
{
    /// <summary>What a scope grants, or all that the security context allows where it is absent.</summary>
    public async Task<Outcome<GrantedScope>> GrantAsync(string? text, AllowedGrants by, SecurityContextState context, CancellationToken cancellationToken)
    {
        var outcome = text is null ? await WholeScopeAsync(by, context, cancellationToken) : await CheckScopeAsync(text, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out _))
            return outcome;
        return granted.Apis.IsEmpty || granted.Apis.Any(api => (api.Grants & by) == 0)
            ? Refusal.Of(ErrorKind.OAuthUnauthorizedClient, "A service API of the scope is not to be had by this grant type")
            : outcome;
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
        var published = await PublishedAsync(aefId, apiName, cancellationToken);
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
            var published = await PublishedAsync(aefId, null, cancellationToken);
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

    private async Task<ImmutableArray<PublishedServiceApi>> PublishedAsync(string aefId, string? apiName, CancellationToken cancellationToken)
    {
        var published = await grains.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, apiName, cancellationToken);
        return isAllowed is null ? published : published.RemoveAll(one => !isAllowed(one));
    }
}
