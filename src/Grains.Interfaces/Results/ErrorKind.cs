namespace CapifOrleans;

/// <summary>
/// Why a request was refused. Frontends turn it into a status (one map, <c>Frontend/Problems</c>).
/// The numbers cross grain calls: none is ever used again.
/// </summary>
[GenerateSerializer, Alias("capif.ErrorKind")]
public enum ErrorKind
{
    /// <summary>The request is not as the standard describes it: 400.</summary>
    InvalidRequest = 1,

    /// <summary>The caller is not who may do this, or not known: 401.</summary>
    Unauthenticated = 2,

    /// <summary>The caller is known and may not do this: 403.</summary>
    Forbidden = 3,

    /// <summary>The resource does not exist, or is not the caller's to see: 404.</summary>
    NotFound = 4,

    /// <summary>What the request would make exists already: 403 (29.222 defines no 409).</summary>
    AlreadyExists = 5,

    /// <summary>An attribute that may not be changed was changed (29.500 MODIFICATION_NOT_ALLOWED): 403.</summary>
    ModificationNotAllowed = 6,

    /// <summary>The API invoker may not be onboarded (29.222 8.4.5.3 API_INVOKER_NOT_ALLOWED): 403.</summary>
    ApiInvokerNotAllowed = 7,

    /// <summary>The onboarding criteria are not met (29.222 8.4.5.3 ONBOARDING_CRI_NOT_MET): 403.</summary>
    OnboardingCriteriaNotMet = 8,

    /// <summary>A bound of this core function is reached; a later attempt may succeed: 429.</summary>
    TooMany = 9,

    /// <summary>Something that is needed cannot be reached now: 503.</summary>
    Unavailable = 10,

    /// <summary>OAuth 2.0 invalid_request (RFC 6749 5.2): 400.</summary>
    OAuthInvalidRequest = 20,

    /// <summary>OAuth 2.0 invalid_client: 400 (29.222 8.5.5.3 allows 400 or 401).</summary>
    OAuthInvalidClient = 21,

    /// <summary>OAuth 2.0 invalid_grant: 400.</summary>
    OAuthInvalidGrant = 22,

    /// <summary>OAuth 2.0 unauthorized_client: 400.</summary>
    OAuthUnauthorizedClient = 23,

    /// <summary>OAuth 2.0 unsupported_grant_type: 400.</summary>
    OAuthUnsupportedGrantType = 24,

    /// <summary>OAuth 2.0 invalid_scope: 400.</summary>
    OAuthInvalidScope = 25,

    /// <summary>OAuth 2.0 unauthorized_client, as 401: the caller is no API invoker (compatibility).</summary>
    OAuthWrongRole = 26,
}
