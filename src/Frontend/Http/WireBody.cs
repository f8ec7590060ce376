using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Json;

namespace CapifOrleans.Frontend.Http;

/// <summary>Binds and validates JSON bodies.</summary>
internal static class WireBody
{
    /// <summary>The body as a record; null when the request was answered with what is wrong with it.</summary>
    public static async ValueTask<T?> ReadAsync<T>(OperationContext context)
        where T : class
    {
        if (await RequestBody.ReadAsync(context.Http, RequestBody.Json) is not { } body)
            return null;
        if (WireValidator.TryRead<T>(body, out var value, out var refusal))
            return value;
        await ProblemWriter.RefuseAsync(context.Http, refusal);
        return null;
    }

    /// <summary>The body as a merge patch's text; null when the request was answered.</summary>
    public static async ValueTask<ImmutableArray<byte>?> ReadPatchAsync(OperationContext context) =>
        await RequestBody.ReadAsync(context.Http, RequestBody.MergePatch) is { } body ? [.. body] : null;
}
