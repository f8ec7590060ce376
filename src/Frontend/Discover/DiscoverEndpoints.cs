using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Discover;

/// <summary>CAPIF_Discover_Service_API (29.222 8.1).</summary>
internal static class DiscoverEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.DiscoverServiceApi, DiscoverAsync);

    private static async Task DiscoverAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        var query = DiscoveryParameters.Read(parameters, context.Http.Request.Query);
        if (parameters.Refusal is { } refusal)
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        var answer = await context.Grains.GetGrain<IDiscoveryGrain>(0).DiscoverAsync(query, context.ClientGone);
        if (answer.Body is { } body)
        {
            await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, RequestBody.Json, body.AsMemory());
            return;
        }

        // The answer's schema has no empty list (docs/divergences.md).
        await ProblemWriter.RefuseAsync(context.Http, Refusal.NotFound(
            $"API Invoker {query.ApiInvokerId} has no API Published that accomplish filter conditions", "No API Published accomplish filter conditions"));
    }
}
