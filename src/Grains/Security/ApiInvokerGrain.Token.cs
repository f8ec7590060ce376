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
        if (request.ClientSecret is { } secret && !_profile.IgnoresInvokerSecret && !IsOnboardSecret(secret))
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "The client secret is wrong");
        if (request.GrantType == AccessTokenGrantType.AuthorizationCode)
            return await TokenByCodeAsync(request, context, cancellationToken);
        if (request.ResOwnerId?.Gpsi is { } gpsi)
            return await OwnersTokenAsync(request.Scope, gpsi, AllowedGrants.OwnersClientCredentials, context, cancellationToken);
        var outcome = await GrantAsync(request.Scope, AllowedGrants.ClientCredentials, WithoutScope(request.Scope, context), cancellationToken);
        if (!outcome.TryGet(out var granted, out var refusal))
            return refusal;
        if (!context.HasPeers)
            return Token(granted.Text, null);
        // A token is signed by the core function of its AEFs (seed 003 6.X.3.2), so that it has one.
        var signers = granted.Apis.Select(api => context.CcfOf(api.AefId)).Distinct().ToList();
        return signers.Count == 1
            ? Token(granted.Text, null) with { CcfId = signers[0] }
            : Refusal.Of(ErrorKind.OAuthInvalidScope, "The scope has AEFs of several core functions: ask for a token for each");
    }

    /// <summary>What a request without scope is about: our own AEFs, where the security context has OAUTH at any of them.</summary>
    private static SecurityContextState WithoutScope(string? scope, SecurityContextState context)
    {
        if (scope is not null || !context.HasPeers)
            return context;
        var own = context.Entries.RemoveAll(entry => entry.CcfId is not null);
        return own.Any(entry => entry.Information.SelSecurityMethod == CapifOrleans.Publish.SecurityMethod.Oauth) ? context with { Entries = own } : context;
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
        var outcome = await new ScopeGranter(GrainFactory).GrantAsync(text, by, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out _))
            return outcome;
        _checkedScope = new CheckedScope(text, by, context, version, granted);
        return outcome;
    }

    private sealed record CheckedScope(string? Text, AllowedGrants By, SecurityContextState Context, long Version, GrantedScope Granted);
}
