using System.Globalization;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Frontend.Publish;
using CapifOrleans.Frontend.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Interconnection;

/// <summary>CAPIF-6 and 6e (23.222 8.25, seed 003): publishing, negotiation, security information, tokens and revocation between core functions.</summary>
internal static class InterconnectionEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, TimeProvider time)
    {
        PublishEndpoints.MapForPeers(endpoints);
        endpoints.MapOperation(InterconnectionOperations.ObtainSecurityMethod, NegotiateAsync);
        endpoints.MapOperation(InterconnectionOperations.ObtainAuthorization, context => SecurityEndpoints.IssueTokenAsync(
            context, (worker, apiInvokerId, request) => worker.IssueForPeerAsync(context.Caller.Id, apiInvokerId, request, context.ClientGone)));
        endpoints.MapOperation(InterconnectionOperations.ObtainApiInvokerInfo, context => GetAsync(context, time));
        endpoints.MapOperation(InterconnectionOperations.RevokeAllAuthorization, context => RevokeAsync(context, null));
        endpoints.MapOperation(InterconnectionOperations.RevokeAuthorization, RevokeSomeAsync);
    }

    private static async Task NegotiateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ServiceSecurity>(context) is not { } body)
            return;
        var apiInvokerId = context.Path("apiInvokerId");
        var outcome = await Worker(context).NegotiateForPeerAsync(context.Caller.Id, apiInvokerId, body, CancellationToken.None);
        if (!outcome.TryGet(out var created, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"/capif-security/v1/trustedInvokers/{apiInvokerId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, created);
    }

    private static async Task GetAsync(OperationContext context, TimeProvider time)
    {
        var query = new QueryParameters(context.Http.Request);
        var aefId = query.Required("aef-id");
        var wants = query.Boolean("authenticationInfo");
        query.Boolean("authorizationInfo");
        if (query.Refusal is { } invalid)
        {
            await ProblemWriter.RefuseAsync(context.Http, invalid);
            return;
        }

        var outcome = await context.Grains.GetGrain<IApiInvokerGrain>(context.Path("apiInvokerId")).GetSecurityContextForPeerAsync(
            new SecurityContextQuery { AefId = aefId, AuthenticationInfo = wants, CcfId = context.Caller.Id }, context.ClientGone);
        if (!outcome.TryGet(out var found, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        SetMaxAge(context.Http, found, time);
        await Answer.JsonAsync(context.Http, StatusCodes.Status200OK, found.Context);
    }

    private static async Task RevokeSomeAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<SecurityNotification>(context) is { } body)
            await RevokeAsync(context, body);
    }

    private static async Task RevokeAsync(OperationContext context, SecurityNotification? notification)
    {
        var outcome = await Worker(context).RevokeByPeerAsync(context.Caller.Id, context.Path("apiInvokerId"), notification, CancellationToken.None);
        await (outcome.Refusal is { } refusal
            ? ProblemWriter.RefuseAsync(context.Http, refusal)
            : Answer.Empty(context.Http, StatusCodes.Status204NoContent));
    }

    /// <summary>
    /// Says for how long the answer holds (RFC 9111 5.2.2.1): whoever asked keeps it so long, and nobody on the way may. TS 29.222 has no attribute for
    /// it.
    /// </summary>
    internal static void SetMaxAge(HttpContext http, InterconnectedSecurity security, TimeProvider time)
    {
        var age = security.ExpiresAt is { } ends ? (long)(ends - time.GetUtcNow()).TotalSeconds : 0;
        http.Response.Headers[HeaderNames.CacheControl] =
            age > 0 ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={age}") : "no-store";
    }

    private static IInterconnectionGrain Worker(OperationContext context) => context.Grains.GetGrain<IInterconnectionGrain>(0);
}
