using System.Buffers;
using System.Text.Json;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Interconnection;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Frontend.Publish;

/// <summary>CAPIF_Publish_Service_API (29.222 8.2).</summary>
internal static class PublishEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOperation(OperationTable.PublishServiceApi, PublishAsync);
        endpoints.MapOperation(OperationTable.GetServiceApis, GetAllAsync);
        endpoints.MapOperation(OperationTable.GetServiceApi, GetAsync);
        endpoints.MapOperation(OperationTable.UpdateServiceApi, UpdateAsync);
        endpoints.MapOperation(OperationTable.PatchServiceApi, PatchAsync);
        endpoints.MapOperation(OperationTable.UnpublishServiceApi, UnpublishAsync);
    }

    /// <summary>The same for peers (29.222 5.3.2.2.3): a core function stands where an APF does.</summary>
    public static void MapForPeers(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOperation(InterconnectionOperations.PublishServiceApi, PublishAsync);
        endpoints.MapOperation(InterconnectionOperations.GetServiceApis, GetAllAsync);
        endpoints.MapOperation(InterconnectionOperations.GetServiceApi, GetAsync);
        endpoints.MapOperation(InterconnectionOperations.UpdateServiceApi, UpdateAsync);
        endpoints.MapOperation(InterconnectionOperations.PatchServiceApi, PatchAsync);
        endpoints.MapOperation(InterconnectionOperations.UnpublishServiceApi, UnpublishAsync);
    }

    private static async Task PublishAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ServiceApiDescription>(context) is not { } body)
            return;
        var outcome = await Publisher(context).PublishAsync(context.Caller, body, CancellationToken.None);
        if (!outcome.TryGet(out var published, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"/published-apis/v1/{context.Path("apfId")}/service-apis/{published.ApiId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, published);
    }

    private static async Task GetAllAsync(OperationContext context)
    {
        var all = await Publisher(context).GetAllAsync(context.ClientGone);
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, WireText.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (var one in all)
                writer.WriteRawValue(WireJson.SerializeToUtf8Bytes(one), skipInputValidation: true);
            writer.WriteEndArray();
        }

        await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, RequestBody.Json, body.WrittenMemory);
    }

    private static async Task GetAsync(OperationContext context) =>
        await AnswerAsync(context, await Publisher(context).GetAsync(context.Path("serviceApiId"), context.ClientGone));

    private static async Task UpdateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ServiceApiDescription>(context) is { } body)
            await AnswerAsync(context, await Publisher(context).UpdateAsync(context.Path("serviceApiId"), body, CancellationToken.None));
    }

    private static async Task PatchAsync(OperationContext context)
    {
        if (await WireBody.ReadPatchAsync(context) is { } patch)
            await AnswerAsync(context, await Publisher(context).PatchAsync(context.Path("serviceApiId"), patch, CancellationToken.None));
    }

    private static async Task UnpublishAsync(OperationContext context)
    {
        var outcome = await Publisher(context).UnpublishAsync(context.Path("serviceApiId"), CancellationToken.None);
        await (outcome.Refusal is { } refusal
            ? ProblemWriter.RefuseAsync(context.Http, refusal)
            : Answer.Empty(context.Http, StatusCodes.Status204NoContent));
    }

    private static IServicePublisherGrain Publisher(OperationContext context) => context.Grains.GetGrain<IServicePublisherGrain>(
        context.Caller.Role == CallerRole.Ccf ? PublishedServiceApi.ApfIdOf(context.Path("apfId")) : context.Path("apfId"));

    private static Task AnswerAsync(OperationContext context, Outcome<ServiceApiDescription> outcome) => outcome.TryGet(out var value, out var refusal)
        ? Answer.CurrentAsync(context.Http, value)
        : ProblemWriter.RefuseAsync(context.Http, refusal);
}
