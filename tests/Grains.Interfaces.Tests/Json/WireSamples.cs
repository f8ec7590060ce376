using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapifOrleans.Json;
using FsCheck;
using FsCheck.Fluent;

namespace CapifOrleans.Grains.Interfaces.Tests.Json;

/// <summary>JSON for any wire type, made from what the product knows of the type: whoever adds a record has it tested.</summary>
internal static class WireSamples
{
    // Deeper down, only what must be there.
    private const int Depth = 4;

    private static readonly string[] Texts = ["", "a", "3gpp-monitoring-event", "ä ö \u20ac", "\ud83d\ude00", "with \"quotes\" and \\", "line\nbreak", "https://a.test/b?c=d"];
    private static readonly string[] Dates = ["2026-11-21T01:02:03Z", "2026-11-21T01:02:03.1230Z", "2026-11-21t01:02:03+01:30", "1999-12-31T23:59:59.999999-00:00"];
    private static readonly string[] Features = ["0", "1", "00F", "ff", "ABCDEF0123456789"];

    // What matches the patterns of the standard. A pattern that none of them matches fails the tests by name.
    private static readonly string[] Patterned =
    [
        "127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32", "2001:db8:abcd:12::0/64", "0a1b2c", "A0B1C2", "FFFFFE", "123", "12", "999990123456789",
        "msisdn-4912345678", "01", "123456", "12:34:00", "token", "3gpp", "12AB", "1234567", "0123456789ABCDEF", "ab", "%41", "+01:00", "extid-a@b.test",
        "1.5 GFLOPS", "2 kFLOPS", "16 GB", "0.5 TB",
    ];

    private static readonly JsonNode?[] Anything = [1, "text", true, new JsonObject { ["a"] = new JsonArray(1, "b", null) }, new JsonArray()];

    /// <summary>Every wire record that is read and written as JSON, with all that it holds.</summary>
    public static IReadOnlyList<Type> Records { get; } = [.. FindRecords()];

    /// <summary>JSON of that record.</summary>
    public static Gen<JsonObject> Record(WireType type) => Record(type, 0);

    /// <summary>The smallest JSON of that record that has this attribute.</summary>
    public static JsonObject Smallest(WireType type, WireAttribute? attributeToo = null)
    {
        var document = new JsonObject();
        // Of a record of several kinds, one that has this attribute.
        var kind = type.Variants.FirstOrDefault(one => attributeToo is null || one.Names.Contains(attributeToo.Name)) ?? (type.Variants.Count > 0 ? type.Variants[0] : null);
        foreach (var attribute in type.Attributes.Where(one => one.IsRequired || one == attributeToo || kind?.Required.Contains(one.Name) == true))
            document[attribute.Name] = attribute.Name == kind?.Discriminator ? kind.Value : SmallestValue(attribute.Type, attribute);
        if (type.ExactlyOneOf.Count > 0 && !type.ExactlyOneOf.Any(document.ContainsKey))
        {
            var one = type.Find(type.ExactlyOneOf[0])!;
            document[one.Name] = SmallestValue(one.Type, one);
        }

        return document;
    }

    /// <summary>A text that the attribute's pattern wants.</summary>
    public static IReadOnlyList<string> Matching(WireAttribute? attribute) => attribute?.Pattern is not { } pattern ? Texts
        : Patterned.Concat(Texts).Where(text => pattern.IsMatch(text)).ToList() is { Count: > 0 } found ? found
        : throw new InvalidOperationException($"No sample text matches the pattern {pattern} of {attribute.Name}: add one to WireSamples.");

    private static JsonNode SmallestValue(WireType type, WireAttribute attribute) => type.Kind switch
    {
        WireKind.Record => Smallest(type),
        WireKind.Array => new JsonArray([.. Enumerable.Range(0, attribute.MinItems).Select(_ => SmallestValue(type.Item!, attribute))]),
        WireKind.Integer => Math.Clamp(0, attribute.Minimum, attribute.Maximum),
        WireKind.Number => 1.5,
        WireKind.Boolean => true,
        WireKind.Enumeration => type.Values[0],
        WireKind.DateTime => Dates[0],
        WireKind.Features => Features[0],
        WireKind.Any => "any",
        _ => attribute.IsCallbackUri ? "https://a.test/" : Matching(attribute)[0],
    };

    private static Gen<JsonObject> Record(WireType type, int depth)
    {
        var one = type.ExactlyOneOf.Count == 0 ? Gen.Constant("") : Gen.Elements<string>([.. type.ExactlyOneOf]);
        var kind = type.Variants.Count == 0 ? Gen.Constant<VariantAttribute?>(null) : Gen.Elements<VariantAttribute?>([.. type.Variants]);
        return one.SelectMany(chosen => kind, (chosen, variant) => (chosen, variant)).SelectMany(so => Attributes(type, so.chosen, so.variant, depth)).SelectMany(
            attributes => Vendors(type), (attributes, vendors) => new JsonObject(attributes.Concat(vendors)));
    }

    private static Gen<List<KeyValuePair<string, JsonNode?>>> Attributes(WireType type, string chosen, VariantAttribute? variant, int depth)
    {
        var all = Gen.Constant(new List<KeyValuePair<string, JsonNode?>>());
        foreach (var attribute in type.Attributes)
        {
            if (attribute.Name == variant?.Discriminator)
            {
                all = all.Select(list => Append(list, attribute.Name, variant.Value));
                continue;
            }

            var must = attribute.IsRequired || attribute.Name == chosen || variant?.Required.Contains(attribute.Name) == true;
            var may = depth < Depth && !type.ExactlyOneOf.Contains(attribute.Name) && variant?.Names.Contains(attribute.Name) != false;
            if (!must && !may)
                continue;
            var present = must ? Gen.Constant(true) : ArbMap.Default.GeneratorFor<bool>();
            all = all.SelectMany(list => present, (list, isThere) => (list, isThere)).SelectMany(so => so.isThere
                ? Value(attribute.Type, attribute, depth).Select(value => Append(so.list, attribute.Name, value))
                : Gen.Constant(so.list));
        }

        return all;
    }

    private static List<KeyValuePair<string, JsonNode?>> Append(List<KeyValuePair<string, JsonNode?>> list, string name, JsonNode value) =>
        [.. list, KeyValuePair.Create(name, (JsonNode?)value.DeepClone())];

    private static Gen<KeyValuePair<string, JsonNode?>[]> Vendors(WireType type) =>
        !type.Type.GetProperties().Any(property => property.IsDefined(typeof(JsonExtensionDataAttribute)))
            ? Gen.Constant(Array.Empty<KeyValuePair<string, JsonNode?>>())
            : Gen.Elements("vendorSpecific-000001", "vendorSpecific-a.test", "vendorSpecific-urn:a:b").SelectMany(
                name => Gen.Elements(Anything), (name, value) => KeyValuePair.Create(name, value?.DeepClone())).ArrayOf(1);

    private static Gen<JsonNode> Value(WireType type, WireAttribute? attribute, int depth) => type.Kind switch
    {
        WireKind.Record => Record(type, depth + 1).Select(JsonNode (value) => value),
        WireKind.Array => Gen.Choose(attribute?.MinItems ?? 0, Math.Max(attribute?.MinItems ?? 0, depth < 2 ? 3 : 1))
            .SelectMany(count => Value(type.Item!, null, depth + 1).ArrayOf(count)).Select(JsonNode (items) => new JsonArray([.. items.Select(item => item.DeepClone())])),
        WireKind.Integer => Integer(attribute).Select(JsonNode (value) => value),
        WireKind.Number => Gen.Choose(-1000, 1000).Select(
            JsonNode (value) => attribute is null ? value / 8.0 : Math.Clamp(value / 8.0, (double)attribute.Minimum, (double)attribute.Maximum)),
        WireKind.Boolean => ArbMap.Default.GeneratorFor<bool>().Select(JsonNode (value) => value),
        WireKind.Enumeration => Gen.Elements<string>([.. type.Values]).Select(JsonNode (value) => value),
        WireKind.DateTime => Gen.Elements(Dates).Select(JsonNode (value) => value),
        WireKind.Features => Gen.Elements(Features).Select(JsonNode (value) => value),
        WireKind.Any => Gen.Elements(Anything).Select(value => value!.DeepClone()),
        _ when attribute?.IsCallbackUri == true => Gen.Elements("https://a.test/", "http://127.0.0.1:8080/n?x=1").Select(JsonNode (value) => value),
        _ => Gen.Elements<string>([.. Matching(attribute)]).Select(JsonNode (value) => value),
    };

    private static Gen<long> Integer(WireAttribute? attribute)
    {
        var (minimum, maximum) = attribute is null ? (int.MinValue, int.MaxValue) : (attribute.Minimum, attribute.Maximum);
        return Gen.Elements(minimum, maximum, Math.Clamp(0, minimum, maximum), Math.Clamp(17, minimum, maximum));
    }

    private static HashSet<Type> FindRecords()
    {
        var found = new HashSet<Type>();
        var open = new Queue<WireType>(typeof(WireJsonContext).GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => WireType.Of((Type)attribute.ConstructorArguments[0].Value!)));
        while (open.TryDequeue(out var type))
        {
            if (type.Kind == WireKind.Array)
                open.Enqueue(type.Item!);
            if (type.Kind != WireKind.Record || !found.Add(type.Type))
                continue;
            foreach (var attribute in type.Attributes)
                open.Enqueue(attribute.Type);
        }

        return found;
    }
}
