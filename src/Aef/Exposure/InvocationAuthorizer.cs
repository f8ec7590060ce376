using CapifOrleans.AccessControl;
using CapifOrleans.Aef.AccessControl;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.Security;
using CapifOrleans.Publish;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Aef.Exposure;

/// <summary>Who invokes, and by what right.</summary>
/// <param name="ApiInvokerId">The API invoker; known only where the denial came after its authentication.</param>
/// <param name="Denial">Why not; null where it may.</param>
/// <param name="Token">The access token, with method OAUTH.</param>
internal readonly record struct Authorization(string? ApiInvokerId, Denial? Denial, AccessToken? Token = null);

/// <summary>
/// Authenticates and authorizes each invocation (33.122 6.5.2, 6.7; 23.222 8.16, 8.17): method in force, token, policy. Where nothing
/// changed since the last one nobody is asked.
/// </summary>
internal sealed class InvocationAuthorizer(
    InvokerSecurityCache security, AccessTokenVerifier tokens, Revocations revocations, PolicyCache policies, AccessControlEnforcement enforcement,
    AefIdentity identity, TimeProvider time)
{
    // 33.122 C.2.2 allows up to 30 s.
    private static readonly TimeSpan ClockLeeway = TimeSpan.FromSeconds(5);

    /// <summary>Decides one invocation.</summary>
    /// <exception cref="CoreFunction.CoreFunctionUnavailableException">The core function is needed and away.</exception>
    public async ValueTask<Authorization> AuthorizeAsync(HttpContext http, InvokerConnection connection, ServiceApi api, string? resource)
    {
        var bearer = BearerOf(http.Request);
        if (bearer is { Length: 0 })
            return new Authorization(null, Denial.TokenInvalid);
        var isCertificate = connection.Certificate is not null;
        if (connection.PskIdentity is { } pskIdentity)
            return await ByConnectionAsync(SecurityMethod.Psk, pskIdentity, null, http, connection, api, resource);
        if (bearer is null)
        {
            return isCertificate
                ? await ByConnectionAsync(SecurityMethod.Pki, connection.CertificateName ?? "", null, http, connection, api, resource)
                : new Authorization(null, Denial.Unauthenticated);
        }

        if (await tokens.VerifyAsync(bearer) is not { } token)
            return new Authorization(null, Denial.TokenInvalid);
        // A token over mutual TLS is for who holds the certificate (33.122 6.5.2.3).
        if (isCertificate && connection.CertificateName != token.ApiInvokerId)
            return new Authorization(null, Denial.ConnectionIsAnothers);
        return await ByConnectionAsync(isCertificate ? null : SecurityMethod.Oauth, token.ApiInvokerId, token, http, connection, api, resource);
    }

    // No method: both certificate and token are there, and the one in force decides.
    private async ValueTask<Authorization> ByConnectionAsync(
        SecurityMethod? method, string apiInvokerId, AccessToken? token, HttpContext http, InvokerConnection connection, ServiceApi api, string? resource)
    {
        var known = await security.GetAsync(apiInvokerId);
        var inForce = known?.MethodsFor(api.ApiId) ?? default;
        if (Choose(method, inForce) is not { } used)
        {
            // It may have been negotiated a moment ago (33.122 6.7).
            known = await security.GetFreshAsync(apiInvokerId);
            inForce = known?.MethodsFor(api.ApiId) ?? default;
            if (Choose(method, inForce) is not { } later)
                return new Authorization(null, inForce.IsNone ? Denial.NotAuthorized : Denial.MethodChanged);
            used = later;
        }

        var denial = used switch
        {
            SecurityMethod.Psk => CheckKey(connection, known!),
            SecurityMethod.Pki => CheckCertificate(connection, known!),
            _ => CheckToken(token!, api, resource, http.Request.Method),
        };
        if (denial is not null)
            return new Authorization(null, denial);
        if (!connection.TryBind(used, apiInvokerId))
            return new Authorization(null, Denial.ConnectionIsAnothers);
        // Bound first, looked at again after: a revocation that came in between either finds the connection or is seen here.
        if (security.Peek(apiInvokerId) is null)
            return new Authorization(null, Denial.NotAuthorized);
        return new Authorization(apiInvokerId, await CheckPolicyAsync(api, apiInvokerId), used == SecurityMethod.Oauth ? token : null);
    }

    private static SecurityMethod? Choose(SecurityMethod? used, MethodsInForce inForce)
    {
        if (used is { } one)
            return inForce.Has(one) ? one : null;
        return inForce.Has(SecurityMethod.Oauth) ? SecurityMethod.Oauth : inForce.Has(SecurityMethod.Pki) ? SecurityMethod.Pki : null;
    }

    private Denial? CheckKey(InvokerConnection connection, InvokerSecurity known) =>
        connection.PskKey is { } key && ReferenceEquals(key, known.Psk) && key.ExpiresAt > time.GetUtcNow() ? null : Denial.KeyEnded;

    private Denial? CheckCertificate(InvokerConnection connection, InvokerSecurity known) =>
        known.TrustAnchors is not { } anchors ? Denial.NotAuthorized : connection.Judge(anchors, time.GetUtcNow()) switch
        {
            CertificateVerdict.Valid => null,
            CertificateVerdict.Expired => Certificate("CLIENT_CERTIFICATE_EXPIRED", "The client certificate has expired, or is not valid yet."),
            CertificateVerdict.WrongPurpose => Certificate("CLIENT_CERTIFICATE_WRONG_PURPOSE", "The certificate is not for TLS clients."),
            _ => Certificate("CLIENT_CERTIFICATE_UNTRUSTED", "The client certificate's issuer is not the one that the core function named."),
        };

    private Denial? CheckToken(AccessToken token, ServiceApi api, string? resource, string method)
    {
        if (token.ExpiresAt + ClockLeeway <= time.GetUtcNow())
            return Denial.TokenExpired;
        if (revocations.Cover(token, api.ApiId))
            return Denial.TokenInvalid;
        return TokenScope.Covers(token.Scope, identity.AefId, api.ApiName, resource, ServiceApi.OperationOf(method)) ? null : Denial.ScopeInsufficient;
    }

    private async ValueTask<Denial?> CheckPolicyAsync(ServiceApi api, string apiInvokerId)
    {
        var decision = enforcement.Decide(api.ApiId, await policies.GetAsync(api.ApiId, apiInvokerId));
        return decision.Verdict switch
        {
            AccessControlVerdict.Allowed => null,
            AccessControlVerdict.NoPolicy => Denial.NotAuthorized,
            AccessControlVerdict.RateExceeded => new Denial(
                StatusCodes.Status429TooManyRequests, "RATE_EXCEEDED", "The access control policy allows no more invocations per second.")
            { RetryAfter = decision.RetryAfter },
            AccessControlVerdict.TotalExceeded => new Denial(
                StatusCodes.Status403Forbidden, "OVERLIMIT_USAGE", "The access control policy allows no more invocations."),
            AccessControlVerdict.OutsideTimeRange => new Denial(
                StatusCodes.Status403Forbidden, "OUTSIDE_TIME_RANGE", "The access control policy does not allow invocations at this time.")
            { RetryAfter = decision.RetryAfter },
            _ => new Denial(StatusCodes.Status403Forbidden, "OUTSIDE_NETWORK_SLICE", "The access control policy allows invocations within other network slices."),
        };
    }

    private static Denial Certificate(string cause, string detail) => new(StatusCodes.Status401Unauthorized, cause, detail) { ClosesConnection = true };

    /// <summary>The token of the Authorization header; null where there is none, empty where what is there is no single Bearer token.</summary>
    private static string? BearerOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers[HeaderNames.Authorization];
        if (header.Count == 0)
            return null;
        return header.Count == 1 && header[0] is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : "";
    }
}
