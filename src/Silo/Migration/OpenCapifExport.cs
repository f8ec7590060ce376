using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Migration;

/// <summary>
/// Reads what <c>mongoexport</c> writes of OpenCAPIF's databases: a document a line, or one array (<c>--jsonArray</c>), in MongoDB's extended JSON.
/// </summary>
internal static class OpenCapifExport
{
    // OpenCAPIF stores attributes in snake_case. These do not become the standard's names by the rule.
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal) { ["service_api_category"] = "serviceAPICategory" };

    // What OpenCAPIF adds to a description.
    private static readonly HashSet<string> NotDescribed = new(StringComparer.Ordinal) { "_id", "apfId", "apiId", "onboardingDate" };

    /// <summary>The documents of an export.</summary>
    /// <exception cref="StartFailure">It is no such export; the message says where.</exception>
    public static IReadOnlyList<JsonObject> Read(string text, string file)
    {
        try
        {
            if (text.TrimStart().StartsWith('['))
                return [.. JsonNode.Parse(text)!.AsArray().Select(one => Plain(one)!.AsObject())];
            var documents = new List<JsonObject>();
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                documents.Add(Plain(JsonNode.Parse(line))!.AsObject());
            return documents;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new StartFailure($"{file}: is not what mongoexport writes ({fault.Message}); export the collection as JSON.", fault);
        }
    }

    /// <summary>A user: the name, and the password where OpenCAPIF stored one that can be read; it stores a hash by now.</summary>
    public static (string UserName, string? Password)? User(JsonObject document)
    {
        if (document["username"] is not JsonValue name || !name.TryGetValue<string>(out var userName))
            return null;
        var password = document["password"] is JsonValue value && value.TryGetValue<string>(out var given) && !IsHash(given) ? given : null;
        return (userName, password);
    }

    /// <summary>A published service API as the standard describes it, without what the core function gives, and the APF that published it.</summary>
    public static (string ApfId, JsonObject Description)? ServiceApi(JsonObject document)
    {
        var named = (JsonObject)Named(document)!;
        if (named["apfId"] is not JsonValue apf || !apf.TryGetValue<string>(out var apfId))
            return null;
        foreach (var name in NotDescribed)
            named.Remove(name);
        // Without it nothing can be negotiated, and OpenCAPIF let it be absent.
        named["supportedFeatures"] ??= "0";
        return (apfId, named);
    }

    // $2b$: bcrypt.
    private static bool IsHash(string password) => password.StartsWith("$2", StringComparison.Ordinal) || password.Length == 0;

    /// <summary>Extended JSON as JSON: identifiers, dates and numbers are plain; what is binary has no text.</summary>
    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } one when one["$oid"] is { } id => id.DeepClone(),
        JsonObject { Count: 1 } one when one["$date"] is { } date => Date(date),
        JsonObject { Count: 1 } one when (one["$numberInt"] ?? one["$numberLong"]) is { } number => long.Parse((string)number!, CultureInfo.InvariantCulture),
        JsonObject { Count: 1 } one when one["$numberDouble"] is { } number => double.Parse((string)number!, CultureInfo.InvariantCulture),
        JsonObject one when one.ContainsKey("$binary") => null,
        JsonObject one => new JsonObject(one.Select(member => KeyValuePair.Create(member.Key, Plain(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Plain)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode Date(JsonNode date)
    {
        if (date is JsonValue value && value.TryGetValue<string>(out var text))
            return text;
        var milliseconds = date is JsonObject one ? long.Parse((string)one["$numberLong"]!, CultureInfo.InvariantCulture) : (long)date;
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>The standard's names; what is null is absent.</summary>
    private static JsonNode? Named(JsonNode? node) => node switch
    {
        JsonObject one => new JsonObject(one.Where(member => member.Value is not null)
            .Select(member => KeyValuePair.Create(Name(member.Key), IsVendorSpecific(member.Key) ? member.Value!.DeepClone() : Named(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Named)]),
        _ => node?.DeepClone(),
    };

    private static bool IsVendorSpecific(string name) =>
        name.StartsWith("vendorSpecific-", StringComparison.Ordinal) || name.StartsWith("vendor_specific-", StringComparison.Ordinal);

    private static string Name(string name)
    {
        if (IsVendorSpecific(name))
            return "vendorSpecific-" + name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];
        if (Irregular.TryGetValue(name, out var irregular) || !name.Contains('_', StringComparison.Ordinal) || name == "_id")
            return irregular ?? name;
        var text = new StringBuilder(name.Length);
        foreach (var part in name.Split('_'))
            text.Append(text.Length == 0 ? part : string.Concat(char.ToUpperInvariant(part[0]).ToString(), part.AsSpan(1)));
        return text.ToString();
    }
}
