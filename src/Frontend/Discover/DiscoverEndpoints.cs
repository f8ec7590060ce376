using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Publish;

namespace CapifOrleans.Frontend.Discover;

/// <summary>CAPIF_Discover_Service_API (29.222 8.1).</summary>
internal static class DiscoverEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.DiscoverServiceApi, DiscoverAsync);

    private static async Task DiscoverAsync(OperationContext context)
    {
        var parameters = new QueryParameters(context.Http.Request);
        var query = new DiscoveryQuery
        {
            ApiInvokerId = parameters.Required("api-invoker-id"),
            ApiName = parameters.Text("api-name"),
            ApiVersion = parameters.Text("api-version"),
            CommunicationType = parameters.Enumeration<CommunicationType>("comm-type"),
            Protocol = parameters.Enumeration<Protocol>("protocol"),
            AefId = parameters.Text("aef-id"),
            DataFormat = parameters.Enumeration<DataFormat>("data-format"),
            ApiCategory = parameters.Text("api-cat"),
            ApiIds = parameters.List("api-ids"),
            RequestedApiProviderName = parameters.Text("req-api-prov-name"),
            ApiSupportedFeatures = parameters.Features("api-supported-features"),
            SupportedFeatures = parameters.Features("supported-features"),
        };
        if (query is { ApiSupportedFeatures: not null, ApiName: null })
            parameters.Fault("api-supported-features", "may be present only together with api-name");
        if (query.ApiIds is not null)
            OnlyIdentifiers(parameters, query);
        parameters.Unsupported("preferred-aef-loc", "ue-ip-addr", "service-kpis", "net-slice-info", "grant-types", "res-ops");
        // vend-spec-<name> must be used in filtering (29.122 5.2.13): not to look at it would find too much.
        foreach (var name in context.Http.Request.Query.Keys.Where(name => name.StartsWith("vend-spec-", StringComparison.Ordinal)))
            parameters.Unsupported(name);
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

    /// <summary>With api-ids no other filter may be present (29.222 8.1.2.2.3.1).</summary>
    private static void OnlyIdentifiers(QueryParameters parameters, DiscoveryQuery query)
    {
        if (query.ApiIds is { IsEmpty: true })
            parameters.Fault("api-ids", "must have at least 1 item");
        if (query with { ApiIds = null, SupportedFeatures = null } != new DiscoveryQuery { ApiInvokerId = query.ApiInvokerId })
            parameters.Fault("api-ids", "must be the only filter");
    }
}
