using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Logging;

namespace CapifOrleans.Frontend.Logging;

/// <summary>CAPIF_Logging_API_Invocation_API (29.222 8.7).</summary>
internal static class LoggingEndpoints
{
    // draft-ietf-httpapi-idempotency-key-header: the standard has nothing by which an AEF could say that it sends a batch again.
    private const string IdempotencyKey = "Idempotency-Key";
    private const int MostKeyLength = 255;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.LogApiInvocation, LogAsync);

    private static async Task LogAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<InvocationLog>(context) is not { } body)
            return;
        var key = context.Http.Request.Headers[IdempotencyKey];
        if (key.Count > 1 || (key.Count == 1 && key[0]!.Length is 0 or > MostKeyLength))
        {
            await ProblemWriter.RefuseAsync(context.Http, Refusal.OfAttribute(IdempotencyKey, $"must be given once, with 1 to {MostKeyLength} characters"));
            return;
        }

        var outcome = await context.Grains.GetGrain<IInvocationLoggingGrain>(0).LogAsync(context.Caller, body, key.Count == 0 ? null : key[0], CancellationToken.None);
        if (!outcome.TryGet(out var stored, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"/api-invocation-logs/v1/{context.Path("aefId")}/logs/{stored.LogId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, stored.Log);
    }
}
