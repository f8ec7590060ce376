using CapifOrleans.Exposure;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Aef.Security;

/// <summary>An access token whose signature was verified (33.122 C.2.2, 29.222 8.5.4.2.8).</summary>
internal sealed class AccessToken
{
    // Which features were negotiated is not in the token: every form of a scope is read.
    private static readonly ScopeGrammar AnyGrammar = new(HasFinerLevel: true, HasSeveralStrings: true);

    /// <summary>Whom it was issued to.</summary>
    public required string ApiInvokerId { get; init; }

    /// <summary>What it grants.</summary>
    public required AccessScope Scope { get; init; }

    /// <summary>When it was issued; the beginning of time where it does not say so, so that any revocation covers it.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The resource owner (feature RNAA); null where there is none.</summary>
    public string? Gpsi { get; init; }

    /// <summary>SHA-256 of its text, upper-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Reads a scope, whatever features were negotiated; null where it is none.</summary>
    public static AccessScope? ReadScope(string text) => AccessScope.TryParse(text, AnyGrammar, out var scope, out _) ? scope : null;

    /// <summary>As revocations know it.</summary>
    public PresentedToken Present(string apiId) => new()
    {
        ApiInvokerId = ApiInvokerId,
        ApiId = apiId,
        Gpsi = Gpsi,
        IssuedAt = IssuedAt,
        TokenSha256 = Sha256,
    };
}

/// <summary>Whether a scope covers a request (29.222 8.5.4.2.6; 23.222 8.31 for the finer level).</summary>
internal static class TokenScope
{
    /// <summary>Whether one of its strings grants this.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="aefId">This AEF.</param>
    /// <param name="apiName">The service API that is invoked.</param>
    /// <param name="resourceName">Its resource; null where the path is none of its resources.</param>
    /// <param name="operation">The HTTP method; null where the standard has no name for it.</param>
    public static bool Covers(AccessScope scope, string aefId, string apiName, string? resourceName, Operation? operation)
    {
        foreach (var one in scope.Strings)
        {
            if (one.Plain is not null ? one.PlainApiName == apiName && CoversPlain(one.PlainPart, operation) : CoversAefs(one, aefId, apiName, resourceName, operation))
                return true;
        }

        return false;
    }

    private static bool CoversAefs(ScopeString one, string aefId, string apiName, string? resourceName, Operation? operation)
    {
        foreach (var aef in one.Aefs)
        {
            if (aef.AefId != aefId)
                continue;
            foreach (var api in aef.Apis)
            {
                if (api.ApiName == apiName && CoversItems(api.Items, resourceName, operation))
                    return true;
            }
        }

        return false;
    }

    /// <summary>A service API without items is granted whole. An operation is of the resource named before it, or of any where none is.</summary>
    private static bool CoversItems(ImmutableArray<ScopeItem> items, string? resourceName, Operation? operation)
    {
        if (items.IsEmpty)
            return true;
        string? resource = null;
        for (var index = 0; index < items.Length; index++)
        {
            var item = items[index];
            if (item.IsResource)
            {
                resource = item.Name;
                var isNarrowed = index + 1 < items.Length && !items[index + 1].IsResource;
                if (resource == resourceName && !isNarrowed)
                    return true;
            }
            else if ((resource is null || resource == resourceName) && Allows(item.Name, resourceName, operation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A string of the service API's own: a verb in it narrows it, what else it says is between the invoker and the service.</summary>
    private static bool CoversPlain(string part, Operation? operation)
    {
        var word = part[(part.LastIndexOf(':') + 1)..];
        return ScopeOperations.Methods(word) is not { } methods || (operation is { } given && methods.Contains(given));
    }

    private static bool Allows(string name, string? resourceName, Operation? operation) =>
        ScopeOperations.Methods(name) is { } methods ? operation is { } given && methods.Contains(given) : name == resourceName;
}
