using System.Net;
using System.Security.Authentication;

namespace CapifOrleans.Client;

/// <summary>What an AEF has against a request, as far as another negotiation, key or token may help.</summary>
internal enum AefRefusal
{
    /// <summary>Nothing; or nothing of the kind: the answer is the application's.</summary>
    None,

    /// <summary>It does not take the key, certificate or token, or does not know the API invoker.</summary>
    Credentials,

    /// <summary>The method is not the one in force (TS 33.122 6.7).</summary>
    Method,

    /// <summary>It is none: another thread has negotiated meanwhile, and what this request was sent by is gone.</summary>
    Replaced,
}

/// <summary>Tells them.</summary>
internal static class AefRefusals
{
    /// <summary>The cause by which this project's AEF indicates the wrong method (docs/divergences.md); the standard defines none.</summary>
    internal const string WrongMethod = "SECURITY_METHOD_CHANGED";

    /// <summary>Causes by which it says that the authorization is gone, or that a connection is another method's.</summary>
    private static readonly string[] Ended = ["NOT_AUTHORIZED", "CONNECTION_BOUND"];

    private const int LargestProblem = 64 * 1024;

    /// <summary>
    /// From an answer: 401 is an AEF's word on the credentials, whatever else it says. 403 may be the service API's own, unless its cause is the
    /// indicator of 6.7, or one by which this project's AEF says that the authorization is gone.
    /// </summary>
    public static async Task<AefRefusal> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            return AefRefusal.None;
        var problem = await ReadAsync(response, cancellationToken);
        if (problem?.Cause == WrongMethod)
            return AefRefusal.Method;
        return response.StatusCode == HttpStatusCode.Unauthorized || Ended.Contains(problem?.Cause) ? AefRefusal.Credentials : AefRefusal.None;
    }

    /// <summary>From a failure to send it at all; null for one that nothing here can mend.</summary>
    public static AefRefusal? Of(Exception fault, AefAccess access, HttpRequestMessage request)
    {
        if (fault is ObjectDisposedException or OperationCanceledException)
            return access.IsDisposed ? AefRefusal.Replaced : null;
        // The core function gives no token, or the AEF has nothing to authenticate the API invoker by: nothing of the request was sent.
        if (fault is CapifException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError })
            return AefRefusal.Credentials;
        if (access.Method == SecurityMethod.Oauth || fault is not HttpRequestException)
            return null;
        for (var cause = fault.InnerException; cause is not null; cause = cause.InnerException)
        {
            // A handshake that failed; in TLS 1.3 a client learns of the refusal of its certificate only afterwards, as its connection breaks.
            if (cause is AuthenticationException || (cause is IOException && IsIdempotent(request.Method)))
                return AefRefusal.Credentials;
        }

        return null;
    }

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete || method == HttpMethod.Options;

    private static async Task<Problem?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json" || response.Content.Headers.ContentLength is null or > LargestProblem)
            return null;
        // Kept: the application may read it as well.
        await response.Content.LoadIntoBufferAsync(LargestProblem, cancellationToken);
        return Problem.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}

/// <summary>What may still be tried for one request: each way once.</summary>
internal struct WayBack
{
    private bool _refreshed;
    private bool _negotiated;

    /// <summary>Whether there is a way.</summary>
    public readonly bool IsOpen(AefRefusal refusal) => refusal switch
    {
        AefRefusal.Credentials => !_refreshed || !_negotiated,
        AefRefusal.Method => !_negotiated,
        AefRefusal.Replaced => true,
        _ => false,
    };

    /// <summary>Takes it.</summary>
    public WayBackStep Next(AefRefusal refusal)
    {
        if (refusal == AefRefusal.Credentials && !_refreshed)
        {
            _refreshed = true;
            return WayBackStep.Refresh;
        }

        if (refusal is AefRefusal.Credentials or AefRefusal.Method && !_negotiated)
        {
            _negotiated = true;
            return WayBackStep.Negotiate;
        }

        return WayBackStep.None;
    }
}

/// <summary>A step of it.</summary>
internal enum WayBackStep
{
    /// <summary>There is none left.</summary>
    None,

    /// <summary>Authentication initiation and token anew: the AEF may have been restarted, or its clock differs.</summary>
    Refresh,

    /// <summary>The core function is asked again (TS 33.122 6.7).</summary>
    Negotiate,
}
