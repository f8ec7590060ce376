using CapifOrleans.AccessControl;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.AccessControl;

/// <summary>CAPIF_Access_Control_Policy_API (29.222 8.6).</summary>
internal static class AccessControlEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.ObtainAccessControlPolicy, QueryAsync);

    /// <summary>What is told where there are no policies, or where they are none of the caller's business.</summary>
    public static Refusal NoPolicies(HttpRequest request) => AccessControlRefusals.NoPolicies(
        (string)request.RouteValues["serviceApiId"]!, request.Query["aef-id"].ToString(),
        request.Query["api-invoker-id"] is { Count: 1 } invoker ? invoker[0] : null);

    private static async Task QueryAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        parameters.Required("aef-id");
        var query = new AccessControlQuery
        {
            ApiId = context.Path("serviceApiId"),
            ApiInvokerId = parameters.Text("api-invoker-id"),
            SupportedFeatures = parameters.Features("supported-features"),
        };
        if (parameters.Refusal is { } invalid)
        {
            await ProblemWriter.RefuseAsync(context.Http, invalid);
            return;
        }

        var outcome = await context.Grains.GetGrain<IAccessControlGrain>(0).QueryAsync(context.Caller, query, context.ClientGone);
        if (outcome.TryGet(out var found, out var refusal))
            await Answer.JsonAsync(context.Http, StatusCodes.Status200OK, found);
        else
            await ProblemWriter.RefuseAsync(context.Http, refusal);
    }
}
