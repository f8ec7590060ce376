using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Routing;

/// <summary>CAPIF_Routing_Info_API (29.222 8.10).</summary>
internal static class RoutingEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.ObtainRoutingInfo, GetAsync);

    private static async Task GetAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        parameters.Required("aef-id");
        // The API has no features (8.10.6).
        parameters.Features("supp-feat");
        if (parameters.Refusal is { } invalid)
        {
            await ProblemWriter.RefuseAsync(context.Http, invalid);
            return;
        }

        var outcome = await context.Grains.GetGrain<IDiscoveryGrain>(0).GetRoutingAsync(context.Path("serviceApiId"), context.Caller.Id, context.ClientGone);
        if (outcome.TryGet(out var found, out var refusal))
            await Answer.JsonAsync(context.Http, StatusCodes.Status200OK, found);
        else
            await ProblemWriter.RefuseAsync(context.Http, refusal);
    }
}
