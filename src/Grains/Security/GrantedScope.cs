using CapifOrleans.Grains.Publish;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>By which grants a token for a service API may be had (29.222 8.5.4.2.3 <c>grantType</c>, 8.2.4.2.4 <c>grantTypes</c>).</summary>
[Flags]
internal enum AllowedGrants
{
    /// <summary>By none.</summary>
    None = 0,

    /// <summary>client_credentials, for the invoker itself.</summary>
    ClientCredentials = 1,

    /// <summary>client_credentials for a resource owner who consented before (23.222 8.31).</summary>
    OwnersClientCredentials = 2,

    /// <summary>authorization_code.</summary>
    AuthorizationCode = 4,

    /// <summary>authorization_code with PKCE (RFC 7636).</summary>
    AuthorizationCodeWithPkce = 8,

    /// <summary>authorization_code, with PKCE or without.</summary>
    AnyCode = AuthorizationCode | AuthorizationCodeWithPkce,
}

/// <summary>A service API at an AEF that a scope was granted for.</summary>
internal sealed record GrantedApi(string AefId, string ApiId, string ApiName, AllowedGrants Grants)
{
    /// <summary>The part of it that the scope names; empty for the whole.</summary>
    public string Part { get; init; } = "";
}

/// <summary>What a scope grants: its text as it goes into the token, and the service APIs behind it.</summary>
internal sealed record GrantedScope(string Text, ImmutableArray<GrantedApi> Apis)
{
    /// <summary>What a resource owner has to consent to for it.</summary>
    public ImmutableArray<ConsentedApi> ToConsents() =>
    [
        .. Apis.Select(api => new ConsentedApi { AefId = api.AefId, ApiId = api.ApiId, ApiName = api.ApiName, Part = api.Part }).Distinct(),
    ];

    /// <summary>Whether one of them may be had by a code with PKCE only.</summary>
    public bool NeedsPkce => Apis.Any(api => (api.Grants & AllowedGrants.AuthorizationCode) == 0);
}

/// <summary>What a security context allows of the service APIs that are published.</summary>
internal static class ContextAuthorization
{
    /// <summary>The entries of this AEF that have method OAUTH.</summary>
    public static IEnumerable<SecurityContextEntry> OAuthEntries(SecurityContextState context, string aefId) => context.Entries.Where(entry =>
        entry.Information.SelSecurityMethod == SecurityMethod.Oauth && entry.AefIds.Contains(aefId));

    /// <summary>Every AEF with method OAUTH.</summary>
    public static IEnumerable<string> OAuthAefs(SecurityContextState context) => context.Entries
        .Where(entry => entry.Information.SelSecurityMethod == SecurityMethod.Oauth)
        .SelectMany(entry => entry.AefIds)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The service API as the context grants it at this AEF; null where it does not.</summary>
    public static GrantedApi? Grant(SecurityContextState context, string aefId, PublishedServiceApi api)
    {
        var apiId = api.Description.ApiId!;
        GrantedApi? granted = null;
        foreach (var entry in OAuthEntries(context, aefId))
        {
            if ((entry.Information.ApiId is { } only && only != apiId) || entry.RevokedApiIds.Contains(apiId))
                continue;
            var grants = (granted?.Grants ?? AllowedGrants.None) | Of(entry.Information.GrantType, GrantTypes.OfAef(api.Description, aefId));
            granted = new GrantedApi(aefId, apiId, api.Description.ApiName, grants);
        }

        return granted;
    }

    /// <summary>What an entry negotiated of what its service API offers. Without RNAA only a token of the invoker's own.</summary>
    private static AllowedGrants Of(ImmutableArray<OAuthGrantType>? negotiated, ImmutableArray<OAuthGrantType> offered)
    {
        var grants = AllowedGrants.None;
        foreach (var one in offered)
        {
            if (negotiated is { } types && !types.Contains(one))
                continue;
            grants |= (one, negotiated) switch
            {
                (OAuthGrantType.ClientCredentials, null) => AllowedGrants.ClientCredentials,
                (OAuthGrantType.ClientCredentials, _) => AllowedGrants.ClientCredentials | AllowedGrants.OwnersClientCredentials,
                (OAuthGrantType.AuthorizationCode, not null) => AllowedGrants.AuthorizationCode,
                (OAuthGrantType.AuthorizationCodeWithPkce, not null) => AllowedGrants.AuthorizationCodeWithPkce,
                _ => AllowedGrants.None,
            };
        }

        return grants;
    }
}
