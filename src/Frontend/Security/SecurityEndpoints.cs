using CapifOrleans.Frontend.Events;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Interconnection;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Security;

/// <summary>CAPIF_Security_API (29.222 8.5): security contexts, access tokens, revocation.</summary>
internal static class SecurityEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, Func<Uri>? authorizationServer)
    {
        endpoints.MapOperation(OperationTable.ObtainSecurityMethod, context => CreateAsync(context, authorizationServer));
        endpoints.MapOperation(OperationTable.UpdateSecurityMethod, context => UpdateAsync(context, authorizationServer));
        endpoints.MapOperation(OperationTable.ObtainAuthorization, context => IssueTokenAsync(
            context, (worker, apiInvokerId, request) => worker.IssueAsync(apiInvokerId, request, context.ClientGone)));
        endpoints.MapOperation(OperationTable.ObtainApiInvokerInfo, GetAsync);
        endpoints.MapOperation(OperationTable.RevokeAllAuthorization, DeleteAsync);
        endpoints.MapOperation(OperationTable.RevokeAuthorization, RevokeAsync);
    }

    private static async Task CreateAsync(OperationContext context, Func<Uri>? authorizationServer)
    {
        if (await WireBody.ReadAsync<ServiceSecurity>(context) is { } body)
            await AnswerAsync(context, await NegotiateAsync(context, body, isUpdate: false), StatusCodes.Status201Created, authorizationServer);
    }

    private static async Task UpdateAsync(OperationContext context, Func<Uri>? authorizationServer)
    {
        if (await WireBody.ReadAsync<ServiceSecurity>(context) is { } body)
            await AnswerAsync(context, await NegotiateAsync(context, body, isUpdate: true), StatusCodes.Status200OK, authorizationServer);
    }

    // Entries for AEFs of other core functions are forwarded there (seed 003 6.X.2).
    private static Task<Outcome<ServiceSecurity>> NegotiateAsync(OperationContext context, ServiceSecurity body, bool isUpdate) => Worker(context).NegotiateAsync(
        context.Path("apiInvokerId"), body, CapifSessionReader.Read(context.Http, body), isUpdate, CancellationToken.None);

    private static async Task GetAsync(OperationContext context)
    {
        if (await FlagAsync(context, "authenticationInfo") is not { } authentication
            || await FlagAsync(context, "authorizationInfo") is not { } authorization)
        {
            return;
        }

        // The core function that the API invoker is onboarded to, if it is another ("CCF-B information", seed 003 6.X.3.1).
        var ccfId = context.Http.Request.Query["ccf-id"];
        if (ccfId.Count > 1)
        {
            await ProblemWriter.RefuseAsync(
                context.Http, Refusal.OfAttribute("ccf-id", "must be given once", cause: "OPTIONAL_QUERY_PARAM_INCORRECT"));
            return;
        }

        var query = new SecurityContextQuery
        {
            AefId = context.Caller.Id,
            AuthenticationInfo = authentication,
            AuthorizationInfo = authorization,
            CcfId = ccfId.Count == 0 || ccfId[0] == context.Http.RequestServices.GetRequiredService<CoreListenerOptions>().CcfId ? null : ccfId[0],
        };
        var outcome = query.CcfId is null ? await Invoker(context).GetSecurityContextAsync(query, context.ClientGone) : null;
        if (outcome is null or { Refusal.Kind: ErrorKind.NotFound })
        {
            // Another's API invoker, whether or not the AEF says so.
            await GetInterconnectedAsync(context, query, outcome?.Refusal);
            return;
        }

        if (!outcome.TryGet(out var found, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        // There may be a key in it: nobody on the way may keep it.
        context.Http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        await Answer.JsonAsync(context.Http, StatusCodes.Status200OK, found);
    }

    private static async Task GetInterconnectedAsync(OperationContext context, SecurityContextQuery query, Refusal? own)
    {
        var outcome = await Worker(context).GetSecurityContextAsync(context.Path("apiInvokerId"), query, context.ClientGone);
        if (!outcome.TryGet(out var found, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal.Kind == ErrorKind.NotFound ? own ?? refusal : refusal);
            return;
        }

        InterconnectionEndpoints.SetMaxAge(context.Http, found, context.Http.RequestServices.GetRequiredService<TimeProvider>());
        await Answer.JsonAsync(context.Http, StatusCodes.Status200OK, found.Context);
    }

    private static async Task DeleteAsync(OperationContext context) => await AnswerAsync(
        context, await Worker(context).RevokeByAefAsync(context.Caller.Id, context.Path("apiInvokerId"), null, CancellationToken.None));

    private static async Task RevokeAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<SecurityNotification>(context) is not { } body)
            return;
        await AnswerAsync(
            context, await Worker(context).RevokeByAefAsync(context.Caller.Id, context.Path("apiInvokerId"), body, CancellationToken.None));
    }

    /// <summary>Obtain_Authorization, for API invokers and, with another issue, for peers.</summary>
    internal static async Task IssueTokenAsync(
        OperationContext context, Func<IAccessTokenGrain, string, AccessTokenReq, Task<Outcome<AccessTokenRsp>>> issue)
    {
        var http = context.Http;
        if (await RequestBody.ReadAsync(http, RequestBody.Form) is not { } body)
            return;
        if (!AccessTokenForm.TryRead(body, http.Request, out var request, out var refusal))
        {
            await ProblemWriter.RefuseAsync(http, refusal);
            return;
        }

        var outcome = await issue(context.Grains.GetGrain<IAccessTokenGrain>(0), context.Path("securityId"), request);
        if (!outcome.TryGet(out var token, out refusal))
        {
            await ProblemWriter.RefuseAsync(http, refusal);
            return;
        }

        // RFC 6749 5.1: nobody on the way may keep a token.
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        http.Response.Headers[HeaderNames.Pragma] = "no-cache";
        await Answer.JsonAsync(http, StatusCodes.Status200OK, token);
    }

    private static IInterconnectionGrain Worker(OperationContext context) => context.Grains.GetGrain<IInterconnectionGrain>(0);

    private static IApiInvokerGrain Invoker(OperationContext context) =>
        context.Grains.GetGrain<IApiInvokerGrain>(context.Path("apiInvokerId"));

    private static Task AnswerAsync(OperationContext context, Outcome<ServiceSecurity> outcome, int status, Func<Uri>? authorizationServer)
    {
        if (!outcome.TryGet(out var created, out var refusal))
            return ProblemWriter.RefuseAsync(context.Http, refusal);
        Answer.SetLocation(context.Http, $"/capif-security/v1/trustedInvokers/{context.Path("apiInvokerId")}");
        created = created with { WebsockNotifConfig = NotificationEndpoints.Absolute(context.Http, created.WebsockNotifConfig) };
        return Answer.JsonAsync(context.Http, status, authorizationServer is null ? created : WithAuthorizationEndpoint(created, authorizationServer()));
    }

    /// <summary>Tells an API invoker where resource owners are to be sent (29.222 8.5.4.2.3 leaves open what authorizationInfo says).</summary>
    private static ServiceSecurity WithAuthorizationEndpoint(ServiceSecurity context, Uri server) =>
        context.SecurityInfo.All(entry => !IsByCode(entry))
            ? context
            : context with
            {
                SecurityInfo =
                [
                    .. context.SecurityInfo.Select(entry => IsByCode(entry)
                        ? entry with { AuthorizationInfo = new Uri(server, AuthorizationEndpoint.Path).ToString() }
                        : entry),
                ],
            };

    private static bool IsByCode(SecurityInformation entry) =>
        entry.GrantType?.Any(one => one is OAuthGrantType.AuthorizationCode or OAuthGrantType.AuthorizationCodeWithPkce) == true;

    private static Task AnswerAsync(OperationContext context, Outcome outcome) => outcome.Refusal is { } refusal
        ? ProblemWriter.RefuseAsync(context.Http, refusal)
        : Answer.Empty(context.Http, StatusCodes.Status204NoContent);

    /// <summary>A Boolean of the query, false when absent; null when it was refused.</summary>
    private static async ValueTask<bool?> FlagAsync(OperationContext context, string name)
    {
        var given = context.Http.Request.Query[name];
        if (given.Count == 0)
            return false;
        if (given.Count == 1 && bool.TryParse(given[0], out var value))
            return value;
        await ProblemWriter.RefuseAsync(
            context.Http, Refusal.OfAttribute(name, "must be true or false, once", cause: "OPTIONAL_QUERY_PARAM_INCORRECT"));
        return null;
    }
}
