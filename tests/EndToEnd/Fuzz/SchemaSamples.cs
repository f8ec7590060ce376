using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Fuzz;

/// <summary>JSON made from a schema of a served document: right, or wrong in one or more places.</summary>
internal sealed class SchemaSamples(JsonObject document, Random random, Func<string, JsonNode?> known)
{
    // Deeper down, only what must be there.
    private const int Depth = 5;

    private static readonly string[] Texts =
    [
        "", "a", "v1", "3gpp-monitoring-event", "ä \u20ac \ud83d\ude00", "\u0000\u001b[31m\r\n", "' OR 1=1 --", "../../etc/passwd", "%00", "<a&b>", "null", "https://127.0.0.1:9/x",
        "http://[::1", "file:///etc/passwd", "2026-11-25T00:00:00Z", "9999-12-31T23:59:59.9999999+14:00", "0", "FFFFFFFFFFFFFFFFFFFFF", "-1",
    ];

    /// <summary>A body; <paramref name="faults"/> places of it are wrong.</summary>
    public JsonNode? Body(JsonObject schema, int faults)
    {
        var sample = Sample(schema, 0);
        for (var count = 0; count < faults; count++)
            sample = Spoil(sample);
        return sample;
    }

    /// <summary>A value of a schema.</summary>
    public JsonNode? Sample(JsonObject schema, int depth)
    {
        schema = Resolve(schema);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices && !choices.All(one => one!["type"] is null && one["$ref"] is null))
            return Sample(Pick(choices), depth);
        if (schema["enum"] is JsonArray values)
            return values[random.Next(values.Count)]!.DeepClone();
        return (string?)schema["type"] switch
        {
            "object" => Object(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, Count(schema, depth)).Select(_ => Sample(schema["items"]!.AsObject(), depth + 1))]),
            "integer" => Whole(schema),
            "number" => random.NextDouble() * 100,
            "boolean" => random.Next(2) == 0,
            "string" => Text(schema),
            _ => Anything(),
        };
    }

    /// <summary>A text that means something somewhere, or nothing.</summary>
    public string Text() => Texts[random.Next(Texts.Length)];

    private JsonObject Object(JsonObject schema, int depth)
    {
        var made = new JsonObject();
        var required = Names(schema["required"]);
        // Exactly one of some.
        if (schema["oneOf"] is JsonArray alternatives && alternatives.All(one => one!["required"] is not null))
            required = [.. required, .. Names(Pick(alternatives)["required"])];
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            var isRequired = required.Contains(name);
            if (isRequired || (depth < Depth && random.Next(3) == 0))
                made[name] = (random.Next(8) > 0 ? known(name) : null) ?? Sample(property!.AsObject(), depth + 1);
        }

        return made;
    }

    private JsonNode? Spoil(JsonNode? sample)
    {
        // Somewhere in the document, the top included.
        var places = new List<JsonNode>();
        Collect(sample, places);
        if (places.Count == 0)
            return Anything();
        switch (places[random.Next(places.Count)])
        {
            case JsonObject inner when inner.Count > 0:
                var name = inner.ElementAt(random.Next(inner.Count)).Key;
                switch (random.Next(4))
                {
                    case 0:
                        inner.Remove(name);
                        break;
                    case 1:
                        inner["vendorSpecific-" + random.Next(10)] = Anything();
                        inner["unknown"] = Anything();
                        break;
                    default:
                        inner[name] = Anything();
                        break;
                }

                break;
            case JsonObject inner:
                inner["unknown"] = Anything();
                break;
            case JsonArray list:
                list.Add(Anything());
                break;
            default:
                return Anything();
        }

        return sample;
    }

    private JsonNode? Anything() => random.Next(12) switch
    {
        0 => null,
        1 => random.Next(),
        2 => long.MinValue,
        3 => 1e308,
        4 => random.Next(2) == 0,
        5 => new string('x', random.Next(1, 20_000)),
        6 => Nested(random.Next(1, 80)),
        7 => new JsonArray(),
        8 => new JsonObject(),
        9 => new JsonArray([.. Enumerable.Range(0, random.Next(300)).Select(number => (JsonNode)number)]),
        _ => Text(),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode nested = 1;
        for (var level = 0; level < depth; level++)
            nested = level % 2 == 0 ? new JsonArray(nested) : new JsonObject { ["a"] = nested };
        return nested;
    }

    private string Text(JsonObject schema) => (string?)schema["format"] == "date-time" ? "2030-01-01T00:00:00Z"
        : (string?)schema["pattern"] is { } pattern && pattern.Contains("A-Fa-f0-9]*", StringComparison.Ordinal) ? Features()
        : Text();

    private string Features() => random.Next(4) == 0 ? "0" : random.Next(0, 0x10000).ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private JsonNode Whole(JsonObject schema)
    {
        var least = (long?)schema["minimum"] ?? 0;
        var most = (long?)schema["maximum"] ?? 100_000;
        return random.NextInt64(Math.Max(least, int.MinValue), Math.Max(least, Math.Min(most, int.MaxValue)) + 1);
    }

    private int Count(JsonObject schema, int depth)
    {
        var least = (int?)schema["minItems"] ?? 0;
        var most = (int?)schema["maxItems"] ?? least + 2;
        return random.Next(least, depth < Depth ? Math.Max(least, Math.Min(most, least + 2)) + 1 : least + 1);
    }

    private JsonObject Resolve(JsonObject schema)
    {
        while ((string?)schema["$ref"] is { } reference)
            schema = document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject();
        return schema;
    }

    private JsonObject Pick(JsonArray choices) => Resolve(choices[random.Next(choices.Count)]!.AsObject());

    private static string[] Names(JsonNode? names) => [.. (names as JsonArray ?? []).Select(one => one!.GetValue<string>())];

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is null)
            return;
        places.Add(node);
        foreach (var child in node switch { JsonObject inner => inner.Select(one => one.Value), JsonArray list => list, _ => [] })
            Collect(child, places);
    }
}
