using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Discover;

/// <summary>CAPIF_Open_Discover_Service_API (29.222 8.11).</summary>
internal static class OpenDiscoverEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.OpenDiscoverServiceApi, DiscoverAsync);

    private static async Task DiscoverAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        var query = OpenDiscoveryParameters.Read(parameters, context.Http.Request.Query);
        if (parameters.Refusal is { } refusal)
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        var answer = await context.Grains.GetGrain<IDiscoveryGrain>(0).DiscoverOpenAsync(query, context.ClientGone);
        await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, RequestBody.Json, answer.Body!.Value.AsMemory());
    }
}
