namespace CapifOrleans.Frontend.Problems;

/// <summary>The one place where a kind of error becomes a status (TS 29.122 5.2.6, 29.222 8.x.5).</summary>
internal static class ProblemMap
{
    /// <summary>Status and title of a refusal.</summary>
    public static (int Status, string Title) Of(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => (StatusCodes.Status400BadRequest, "Bad Request"),
        ErrorKind.Unauthenticated => (StatusCodes.Status401Unauthorized, "Unauthorized"),
        ErrorKind.Forbidden => (StatusCodes.Status403Forbidden, "Forbidden"),
        ErrorKind.NotFound => (StatusCodes.Status404NotFound, "Not Found"),
        // 29.222 defines no 409; 29.122 5.2.6 NOTE 3 uses 403 for a request that is understood and cannot be fulfilled.
        ErrorKind.AlreadyExists => (StatusCodes.Status403Forbidden, "Forbidden"),
        // 29.500 5.2.7.2 MODIFICATION_NOT_ALLOWED.
        ErrorKind.ModificationNotAllowed => (StatusCodes.Status403Forbidden, "Forbidden"),
        // 29.222 8.4.5.3.
        ErrorKind.ApiInvokerNotAllowed => (StatusCodes.Status403Forbidden, "Forbidden"),
        ErrorKind.OnboardingCriteriaNotMet => (StatusCodes.Status403Forbidden, "Forbidden"),
        ErrorKind.TooMany => (StatusCodes.Status429TooManyRequests, "Too Many Requests"),
        ErrorKind.Unavailable => (StatusCodes.Status503ServiceUnavailable, "Service Unavailable"),
        // RFC 6749 5.2; 29.222 8.5.5.3 allows 400 for all of them.
        ErrorKind.OAuthInvalidRequest or ErrorKind.OAuthInvalidClient or ErrorKind.OAuthInvalidGrant or ErrorKind.OAuthUnauthorizedClient
            or ErrorKind.OAuthUnsupportedGrantType or ErrorKind.OAuthInvalidScope => (StatusCodes.Status400BadRequest, "Bad Request"),
        ErrorKind.OAuthWrongRole => (StatusCodes.Status401Unauthorized, "Unauthorized"),
        _ => (StatusCodes.Status500InternalServerError, "Internal Server Error"),
    };

    /// <summary>The OAuth error code of a refusal (RFC 6749 5.2); null for one that is no OAuth error.</summary>
    public static string? OAuthCode(ErrorKind kind) => kind switch
    {
        ErrorKind.OAuthInvalidRequest => "invalid_request",
        ErrorKind.OAuthInvalidClient => "invalid_client",
        ErrorKind.OAuthInvalidGrant => "invalid_grant",
        ErrorKind.OAuthUnauthorizedClient or ErrorKind.OAuthWrongRole => "unauthorized_client",
        ErrorKind.OAuthUnsupportedGrantType => "unsupported_grant_type",
        ErrorKind.OAuthInvalidScope => "invalid_scope",
        _ => null,
    };
}
