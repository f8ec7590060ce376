using System.Text.Json.Nodes;
using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Frontend.OpenApi;

/// <summary>The schemas of one document, each under the standard's name.</summary>
internal sealed class OpenApiSchemas
{
    /// <summary>The schemas.</summary>
    public JsonObject Json { get; } = [];

    /// <summary>The schema of a type: written once, and referred to.</summary>
    public JsonNode Of(WireType type)
    {
        switch (type.Kind)
        {
            case WireKind.Record:
                if (!Json.ContainsKey(type.Name))
                {
                    // There before it is filled: records may hold themselves.
                    Json[type.Name] = null;
                    Json[type.Name] = Record(type);
                }

                return Reference(type.Name);
            case WireKind.Enumeration:
                if (!Json.ContainsKey(type.Name))
                    Json[type.Name] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. type.Values.Select(value => JsonValue.Create(value))]) };
                return Reference(type.Name);
            case WireKind.Array:
                return new JsonObject { ["type"] = "array", ["items"] = Of(type.Item!) };
            case WireKind.Integer:
                return new JsonObject { ["type"] = "integer" };
            case WireKind.Number:
                return new JsonObject { ["type"] = "number" };
            case WireKind.Boolean:
                return new JsonObject { ["type"] = "boolean" };
            case WireKind.DateTime:
                return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
            case WireKind.Features:
                return new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Fa-f0-9]*$" };
            case WireKind.Text:
                return new JsonObject { ["type"] = "string" };
            default:
                return new JsonObject();
        }
    }

    /// <summary>A merge patch of a record: some of its attributes, none of them required.</summary>
    public JsonNode Patch(WireType type, IEnumerable<string> names)
    {
        var name = type.Name + "Patch";
        if (!Json.ContainsKey(name))
        {
            var properties = new JsonObject();
            foreach (var attribute in type.Attributes.Where(one => names.Contains(one.Name)))
                properties[attribute.Name] = Attribute(attribute);
            Json[name] = new JsonObject { ["type"] = "object", ["properties"] = properties };
        }

        return Reference(name);
    }

    /// <summary>The form of a token request (29.222 8.5.4.2.6).</summary>
    public JsonNode AccessTokenForm()
    {
        Json["AccessTokenReq"] ??= new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["grant_type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("client_credentials", "authorization_code") },
                ["client_id"] = new JsonObject { ["type"] = "string" },
                ["resOwnerId"] = Of(WireType.Of(typeof(ResOwnerId))),
                ["client_secret"] = new JsonObject { ["type"] = "string" },
                ["scope"] = new JsonObject { ["type"] = "string" },
                ["authCode"] = new JsonObject { ["type"] = "string" },
                ["redirect_uri"] = new JsonObject { ["type"] = "string" },
            },
            ["required"] = new JsonArray("client_id", "grant_type"),
        };
        return Reference("AccessTokenReq");
    }

    /// <summary>A refusal (29.122 5.2.1.2.12).</summary>
    public JsonNode Problem()
    {
        var invalid = Of(WireType.Of(typeof(InvalidParam)));
        Json["ProblemDetails"] ??= new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["title"] = new JsonObject { ["type"] = "string" },
                ["status"] = new JsonObject { ["type"] = "integer" },
                ["detail"] = new JsonObject { ["type"] = "string" },
                ["cause"] = new JsonObject { ["type"] = "string" },
                ["invalidParams"] = new JsonObject { ["type"] = "array", ["items"] = invalid, ["minItems"] = 1 },
            },
        };
        return Reference("ProblemDetails");
    }

    private JsonObject Record(WireType type)
    {
        if (type.Variants.Count > 0)
            return new JsonObject { ["anyOf"] = new JsonArray([.. type.Variants.Select(variant => Variant(type, variant))]) };
        var properties = new JsonObject();
        foreach (var attribute in type.Attributes)
            properties[attribute.Name] = Attribute(attribute);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (type.Attributes.Any(one => one.IsRequired))
            schema["required"] = new JsonArray([.. type.Attributes.Where(one => one.IsRequired).Select(one => JsonValue.Create(one.Name))]);
        if (type.ExactlyOneOf.Count > 0)
        {
            schema["oneOf"] = new JsonArray(
                [.. type.ExactlyOneOf.Select(name => new JsonObject { ["required"] = new JsonArray(name) })]);
        }

        return schema;
    }

    private JsonObject Variant(WireType type, VariantAttribute variant)
    {
        var properties = new JsonObject { [variant.Discriminator] = Attribute(type.Find(variant.Discriminator)!) };
        foreach (var name in variant.Names)
            properties[name] = Attribute(type.Find(name)!);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([variant.Discriminator, .. variant.Required.Select(name => JsonValue.Create(name))]),
        };
    }

    private JsonNode Attribute(WireAttribute attribute)
    {
        var schema = Of(attribute.Type);
        if (schema is JsonObject inline && !inline.ContainsKey("$ref"))
        {
            if (attribute.MinItems > 0)
                inline["minItems"] = attribute.MinItems;
            if (attribute.MaxItems < int.MaxValue)
                inline["maxItems"] = attribute.MaxItems;
            if (attribute.Type.Kind is WireKind.Integer or WireKind.Number && attribute.Minimum > int.MinValue)
                inline["minimum"] = attribute.Minimum;
            if (attribute.Type.Kind is WireKind.Integer or WireKind.Number && attribute.Maximum < int.MaxValue)
                inline["maximum"] = attribute.Maximum;
        }

        return schema;
    }

    private static JsonObject Reference(string name) => new JsonObject { ["$ref"] = "#/components/schemas/" + name };
}
