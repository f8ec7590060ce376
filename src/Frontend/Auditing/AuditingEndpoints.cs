using CapifOrleans.Auditing;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Publish;

namespace CapifOrleans.Frontend.Auditing;

/// <summary>CAPIF_Auditing_API (29.222 8.8).</summary>
internal static class AuditingEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.QueryApiInvocationLog, QueryAsync);

    private static async Task QueryAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        var query = new AuditQuery
        {
            AefId = parameters.Text("aef-id"),
            ApiInvokerId = parameters.Text("api-invoker-id"),
            TimeRangeStart = parameters.DateTime("time-range-start"),
            TimeRangeEnd = parameters.DateTime("time-range-end"),
            ApiId = parameters.Text("api-id"),
            ApiName = parameters.Text("api-name"),
            ApiVersion = parameters.Text("api-version"),
            Protocol = parameters.Enumeration<Protocol>("protocol"),
            Operation = parameters.Enumeration<CapifOrleans.Publish.Operation>("operation"),
            Result = parameters.Text("result"),
            ResourceName = parameters.Text("resource-name"),
            SourceInterface = parameters.Object<InterfaceDescription>("src-interface"),
            DestinationInterface = parameters.Object<InterfaceDescription>("dest-interface"),
            SupportedFeatures = parameters.Features("supported-features"),
            NetSliceInfo = parameters.Objects<NetSliceId>("net-slice-info"),
        };
        if (query.TimeRangeStart > query.TimeRangeEnd)
            parameters.Fault("time-range-end", "is before time-range-start");
        if (parameters.Refusal is { } invalid)
        {
            await ProblemWriter.RefuseAsync(context.Http, invalid);
            return;
        }

        var outcome = await context.Grains.GetGrain<IInvocationAuditGrain>(0).QueryAsync(context.Caller, query, context.ClientGone);
        if (outcome.TryGet(out var found, out var refusal))
            await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, RequestBody.Json, found.Body.AsMemory());
        else
            await ProblemWriter.RefuseAsync(context.Http, refusal);
    }
}
