using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Logging;

namespace CapifOrleans.Frontend.Logging;

/// <summary>CAPIF_Logging_API_Invocation_API (29.222 8.7).</summary>
internal static class LoggingEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.LogApiInvocation, LogAsync);

    private static async Task LogAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<InvocationLog>(context) is not { } body)
            return;
        var outcome = await context.Grains.GetGrain<IInvocationLoggingGrain>(0).LogAsync(context.Caller, body, CancellationToken.None);
        if (!outcome.TryGet(out var stored, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"/api-invocation-logs/v1/{context.Path("aefId")}/logs/{stored.LogId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, stored.Log);
    }
}
