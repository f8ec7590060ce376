using System.Buffers;
using System.Text.Json;
using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Json;

namespace CapifOrleans.Frontend.Discover;

/// <summary>
/// The helper interface, with the paths and members of OpenCAPIF's: the core function's identifier, what is published, and the visibility rules.
/// None of it is 3GPP's; it is for the operator's administrator, and for AMFs as far as it is about their own domain.
/// </summary>
internal static class HelperEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, string ccfId)
    {
        endpoints.MapOperation(OperationTable.GetCcfIdentifier, context => WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("ccf_id"u8, ccfId);
            writer.WriteEndObject();
        }));
        endpoints.MapOperation(OperationTable.ListServiceApis, ListServicesAsync);
        endpoints.MapOperation(OperationTable.CreateVisibilityRule, CreateAsync);
        endpoints.MapOperation(OperationTable.ListVisibilityRules, ListAsync);
        endpoints.MapOperation(OperationTable.GetVisibilityRule, GetAsync);
        endpoints.MapOperation(OperationTable.UpdateVisibilityRule, PatchAsync);
        endpoints.MapOperation(OperationTable.DeleteVisibilityRule, RemoveAsync);
    }

    private static async Task ListServicesAsync(OperationContext context)
    {
        var answer = await context.Grains.GetGrain<IDiscoveryGrain>(0).ListServicesAsync(context.Caller.ApiProvDomId, context.ClientGone);
        await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, RequestBody.Json, answer.Body!.Value.AsMemory());
    }

    private static async Task CreateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<VisibilityRule>(context) is not { } rule)
            return;
        var outcome = await Rules(context).CreateAsync(context.Caller, rule, CancellationToken.None);
        if (!outcome.TryGet(out var made, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, $"{OperationTable.CreateVisibilityRule.Path}/{made.RuleId}");
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, made);
    }

    private static async Task ListAsync(OperationContext context)
    {
        var rules = await Rules(context).ListAsync(context.Caller, context.ClientGone);
        await WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("rules"u8);
            foreach (var rule in rules)
                writer.WriteRawValue(WireJson.SerializeToUtf8Bytes(rule), skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static async Task GetAsync(OperationContext context) =>
        await AnswerAsync(context, await Rules(context).GetAsync(context.Caller, context.Path("ruleId"), context.ClientGone));

    private static async Task PatchAsync(OperationContext context)
    {
        if (await WireBody.ReadPatchAsync(context) is { } patch)
            await AnswerAsync(context, await Rules(context).PatchAsync(context.Caller, context.Path("ruleId"), patch, CancellationToken.None));
    }

    private static async Task RemoveAsync(OperationContext context)
    {
        var outcome = await Rules(context).RemoveAsync(context.Caller, context.Path("ruleId"), CancellationToken.None);
        await (outcome.Refusal is { } refusal
            ? ProblemWriter.RefuseAsync(context.Http, refusal)
            : Answer.Empty(context.Http, StatusCodes.Status204NoContent));
    }

    private static IVisibilityRulesGrain Rules(OperationContext context) => context.Grains.GetGrain<IVisibilityRulesGrain>("rules");

    private static Task AnswerAsync(OperationContext context, Outcome<VisibilityRule> outcome) => outcome.TryGet(out var value, out var refusal)
        ? Answer.CurrentAsync(context.Http, value)
        : ProblemWriter.RefuseAsync(context.Http, refusal);

    private static Task WriteAsync(OperationContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, WireText.WriterOptions))
            write(writer);
        return Answer.BytesAsync(context.Http, status, RequestBody.Json, body.WrittenMemory);
    }
}
