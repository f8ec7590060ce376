using CapifOrleans.Discover;
using CapifOrleans.Grains.Security;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Access tokens (29.222 5.6.2.3, 33.122 6.5.2.3 and Annex C). Nothing is written: a token is valid by its signature.</summary>
internal sealed partial class ApiInvokerGrain
{
    /// <inheritdoc/>
    public async Task<Outcome<AccessTokenRsp>> IssueTokenAsync(AccessTokenReq request, CancellationToken cancellationToken)
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
        var outcome = request.Scope is { } text ? await CheckScopeAsync(text, context, cancellationToken) : await WholeScopeAsync(context, cancellationToken);
        if (!outcome.TryGet(out var scope, out var refusal))
            return refusal;
        var granted = scope.ToString();
        return new AccessTokenRsp
        {
            AccessToken = _tokens.Issue(ApiInvokerId, granted),
            TokenType = "Bearer",
            ExpiresIn = (int)_tokens.Lifetime.TotalSeconds,
            Scope = granted,
        };
    }

    /// <summary>29.222 8.5.4.2.6: every AEF is of the security context with OAUTH, every API published there and not revoked.</summary>
    private async Task<Outcome<AccessScope>> CheckScopeAsync(string text, SecurityContextState context, CancellationToken cancellationToken)
    {
        if (!AccessScope.TryParse(text, out var scope, out var reason))
            return Refusal.Of(ErrorKind.OAuthInvalidScope, reason);
        foreach (var aef in scope.Aefs)
        {
            if (!OAuthEntries(context, aef.AefId).Any())
                return Refusal.Of(ErrorKind.OAuthInvalidScope, "One of aef_id not belongs of your security context");
            foreach (var apiName in aef.ApiNames)
            {
                var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aef.AefId, apiName, cancellationToken);
                if (!published.Any(api => IsAuthorized(context, aef.AefId, api)))
                {
                    return Refusal.Of(
                        ErrorKind.OAuthInvalidScope, "One of the api names does not exist or is not associated with the aef id provided");
                }
            }
        }

        return scope;
    }

    /// <summary>RFC 6749 3.3 leaves open what an absent scope means: here, all that the security context allows.</summary>
    private async Task<Outcome<AccessScope>> WholeScopeAsync(SecurityContextState context, CancellationToken cancellationToken)
    {
        var aefs = ImmutableArray.CreateBuilder<AefScope>();
        foreach (var aefId in context.Entries.SelectMany(entry => entry.AefIds).Distinct(StringComparer.Ordinal))
        {
            var published = await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByAefAsync(aefId, null, cancellationToken);
            ImmutableArray<string> names =
            [
                .. published.Where(api => IsAuthorized(context, aefId, api)).Select(api => api.Description.ApiName).Distinct(StringComparer.Ordinal),
            ];
            if (!names.IsEmpty)
                aefs.Add(new AefScope(aefId, names));
        }

        return aefs.Count > 0
            ? new AccessScope(aefs.ToImmutable())
            : Refusal.Of(ErrorKind.OAuthInvalidScope, "The security context has no service API with method OAUTH");
    }

    private static bool IsAuthorized(SecurityContextState context, string aefId, PublishedServiceApi api) => OAuthEntries(context, aefId).Any(entry =>
        (entry.Information.ApiId is null || entry.Information.ApiId == api.Description.ApiId) && !entry.RevokedApiIds.Contains(api.Description.ApiId!));

    private static IEnumerable<SecurityContextEntry> OAuthEntries(SecurityContextState context, string aefId) => context.Entries.Where(entry =>
        entry.Information.SelSecurityMethod == SecurityMethod.Oauth && entry.AefIds.Contains(aefId));
}
