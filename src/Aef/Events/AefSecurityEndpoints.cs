using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Security;
using CapifOrleans.Exposure;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Json;

namespace CapifOrleans.Aef.Events;

/// <summary>AEF_Security_API (29.222 6.2, 9.1).</summary>
internal sealed class AefSecurityEndpoints(InvokerSecurityCache security, AuthorizationEnd end, CoreFunctionPeers peers)
{
    /// <summary>Where an API invoker lets its authentication be prepared.</summary>
    public const string CheckAuthentication = "/aef-security/v1/check-authentication";

    /// <summary>Where the core function revokes an authorization.</summary>
    public const string RevokeAuthorization = "/aef-security/v1/revoke-authorization";

    // 29.222 9.1.6.
    private const int CapifExt1 = 1;
    private static readonly SupportedFeatures Features = SupportedFeatures.Of(CapifExt1);

    /// <summary>
    /// 29.222 6.2.2.2: the AEF asks the core function for what it needs to authenticate the API invoker, unless it has it. It is asked again
    /// when the invoker comes again, since it may have negotiated anew; the answer tells nothing but that it is done.
    /// </summary>
    public async Task CheckAuthenticationAsync(HttpContext http)
    {
        if (await ReadAsync<CheckAuthenticationReq>(http) is not { } request)
            return;
        try
        {
            if (await security.GetFreshAsync(request.ApiInvokerId) is null)
            {
                await ProblemWriter.RefuseAsync(http, Refusal.Of(
                    ErrorKind.Forbidden, "The core function has no security information of this API invoker for this AEF.", "NOT_AUTHORIZED"));
                return;
            }
        }
        catch (CoreFunctionUnavailableException)
        {
            await Denial.CoreUnavailable.WriteAsync(http);
            return;
        }

        await Answer.JsonAsync(http, StatusCodes.Status200OK, new CheckAuthenticationRsp { SupportedFeatures = request.SupportedFeatures.Intersect(Features) });
    }

    /// <summary>29.222 6.2.2.3, 23.222 8.23.4.</summary>
    public async Task RevokeAuthorizationAsync(HttpContext http, InvokerConnection connection)
    {
        if (!peers.IsCoreFunction(connection))
        {
            await ProblemWriter.RefuseAsync(http, Refusal.Of(
                ErrorKind.Unauthenticated, "This operation is for the core function, by its certificate.", "CLIENT_CERTIFICATE_MISSING"));
            return;
        }

        if (await ReadAsync<RevokeAuthorizationReq>(http) is not { } request)
            return;
        var features = request.SupportedFeatures.Intersect(Features);
        var revoked = request.RevokeInfo;
        // Without CAPIF_Ext1 a token is no part of it: all that the service APIs allow is revoked.
        var token = features.Has(CapifExt1) && revoked.AccessToken is { } text ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text))) : null;
        end.End(revoked.ApiInvokerId, revoked.ApiIds, token);
        await Answer.JsonAsync(http, StatusCodes.Status200OK, new RevokeAuthorizationRsp { SupportedFeatures = features });
    }

    private static async Task<T?> ReadAsync<T>(HttpContext http)
        where T : class
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await ProblemWriter.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed", null, null, []);
            return null;
        }

        if (await RequestBody.ReadAsync(http, RequestBody.Json) is not { } body)
            return null;
        if (WireValidator.TryRead<T>(body, out var value, out var refusal))
            return value;
        await ProblemWriter.RefuseAsync(http, refusal);
        return null;
    }
}
