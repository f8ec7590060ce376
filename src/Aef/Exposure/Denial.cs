using CapifOrleans.Frontend.Problems;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Aef.Exposure;

/// <summary>Why an invocation does not go on, as the API invoker is told.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Cause">A word for programs.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record Denial(int Status, string Cause, string Detail)
{
    /// <summary>The method that was used is not the one in force: the indicator of 33.122 6.7, upon which the API invoker negotiates again.</summary>
    public static readonly Denial MethodChanged = new(
        StatusCodes.Status403Forbidden, "SECURITY_METHOD_CHANGED",
        "Another security method is in force for this service API: ask the core function for it (TS 33.122 6.7).");

    /// <summary>Nobody was authenticated.</summary>
    public static readonly Denial Unauthenticated = new(
        StatusCodes.Status401Unauthorized, "AUTHENTICATION_MISSING",
        "The connection was authenticated by no pre-shared key and no client certificate, and the request has no access token.")
    { Challenge = "Bearer" };

    /// <summary>There is no security information of this API invoker, or it does not cover the service API.</summary>
    public static readonly Denial NotAuthorized = new(
        StatusCodes.Status403Forbidden, "NOT_AUTHORIZED", "The API invoker is not authorized for this service API at this AEF.");

    /// <summary>The connection acts for somebody else, or by another method.</summary>
    public static readonly Denial ConnectionIsAnothers = new(
        StatusCodes.Status403Forbidden, "CONNECTION_BOUND", "The connection acts for another API invoker, or by another security method: make a new one.")
    { ClosesConnection = true };

    /// <summary>The AEFPSK of the connection is no longer the one in force.</summary>
    public static readonly Denial KeyEnded = new(
        StatusCodes.Status401Unauthorized, "AEFPSK_EXPIRED", "The pre-shared key of this connection has expired or was replaced.")
    { Challenge = "Bearer", ClosesConnection = true };

    /// <summary>The token is none that was issued here, or void.</summary>
    public static readonly Denial TokenInvalid = Token("The access token was not issued by the core function, or was revoked.");

    /// <summary>The token's time is over.</summary>
    public static readonly Denial TokenExpired = Token("The access token has expired.");

    /// <summary>The token is not for this.</summary>
    public static readonly Denial ScopeInsufficient = new(
        StatusCodes.Status403Forbidden, "INSUFFICIENT_SCOPE", "The scope of the access token does not cover this service API, resource or operation.")
    { Challenge = "Bearer error=\"insufficient_scope\"" };

    /// <summary>The core function is needed and away.</summary>
    public static readonly Denial CoreUnavailable = new(
        StatusCodes.Status503ServiceUnavailable, "CORE_FUNCTION_UNAVAILABLE", "The core function cannot be asked for the authorization now.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary><c>WWW-Authenticate</c> (RFC 6750 3).</summary>
    public string? Challenge { get; init; }

    /// <summary>When it is worth to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the connection ends with the answer.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>Answers with it.</summary>
    public Task WriteAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (Challenge is not null)
            headers[HeaderNames.WWWAuthenticate] = Challenge;
        if (RetryAfter is { } wait)
            headers[HeaderNames.RetryAfter] = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (ClosesConnection)
            Frontend.Http.Answer.CloseConnectionAfter(http);
        return ProblemWriter.WriteAsync(http, Status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status), Detail, Cause, []);
    }

    private static Denial Token(string detail) => new(StatusCodes.Status401Unauthorized, "INVALID_TOKEN", detail)
    {
        Challenge = $"Bearer error=\"invalid_token\", error_description=\"{detail}\"",
    };
}
