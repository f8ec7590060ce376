using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapifOrleans.Json;

/// <summary>JSON Merge Patch (RFC 7396; 29.122 5.2.2.2).</summary>
public static class MergePatch
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = WireJson.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Applies a patch to a record and validates the whole result. <paramref name="touched"/> are the names of the attributes that the
    /// patch gives at its top level, so that a caller can refuse those that may not be patched.
    /// </summary>
    public static bool TryApply<T>(
        T target, ReadOnlyMemory<byte> patch, [NotNullWhen(true)] out T? result, out ImmutableArray<string> touched, [NotNullWhen(false)] out Refusal? refusal)
        where T : class
    {
        result = null;
        touched = [];
        try
        {
            if (JsonNode.Parse(patch.Span, documentOptions: Strict) is not JsonObject changes)
            {
                refusal = Refusal.Of(ErrorKind.InvalidRequest, "A merge patch of a resource is an object.", "INVALID_MSG_FORMAT");
                return false;
            }

            touched = [.. changes.Select(change => change.Key)];
            var patched = Apply(JsonNode.Parse(WireJson.SerializeToUtf8Bytes(target)), changes);
            return WireValidator.TryRead(JsonSerializer.SerializeToUtf8Bytes(patched), out result, out refusal);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            refusal = Refusal.Of(ErrorKind.InvalidRequest, "The patch is not JSON as it should be.", "INVALID_MSG_FORMAT");
            return false;
        }
    }

    /// <summary>RFC 7396 section 2.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            var before = result[name];
            if (value is null)
                result.Remove(name);
            else if (Apply(before, value) is var after && !ReferenceEquals(after, before))
                result[name] = after;
        }

        return result;
    }
}
