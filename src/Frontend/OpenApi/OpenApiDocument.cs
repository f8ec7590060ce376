using System.Globalization;
using System.Text.Json.Nodes;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Interconnection;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Frontend.OpenApi;

/// <summary>
/// The OpenAPI document of one API, made from what runs: the table of operations says which there are, the wire types by which bodies are
/// validated say what they hold. Nothing of it is written by hand.
/// </summary>
internal sealed class OpenApiDocument
{
    private readonly OpenApiSchemas _schemas = new();
    private readonly JsonObject _paths = [];

    private OpenApiDocument(string api, IReadOnlyList<Operation> operations)
    {
        // All of an API's paths begin with its name and version; what peers may call is parts of several.
        var root = api == InterconnectionOperations.Api ? "" : string.Join('/', operations[0].Path.Split('/').Take(3));
        foreach (var operation in operations)
        {
            var path = operation.Path[root.Length..];
            if (_paths[path] is not JsonObject item)
                _paths[path] = item = [];
            item[operation.Method.ToLowerInvariant()] = Describe(operation, OperationShapes.Of(operation));
        }

        Json = new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = api, ["version"] = "1.4.0", ["description"] = "As this core function serves it." },
            ["servers"] = new JsonArray(new JsonObject
            {
                ["url"] = "{apiRoot}" + root,
                ["variables"] = new JsonObject { ["apiRoot"] = new JsonObject { ["default"] = "https://localhost:8443" } },
            }),
            ["paths"] = _paths,
            ["components"] = new JsonObject { ["schemas"] = _schemas.Json },
        };
    }

    /// <summary>The document.</summary>
    public JsonObject Json { get; }

    /// <summary>All documents as UTF-8 JSON, by API.</summary>
    public static IReadOnlyDictionary<string, byte[]> All() => OperationTable.Rows
        .Concat(OperationTable.ExposureRows)
        .Concat(InterconnectionOperations.Rows)
        .Where(operation => operation.Api.Length > 0)
        .GroupBy(operation => operation.Api, StringComparer.Ordinal)
        .ToDictionary(
            api => api.Key,
            api => System.Text.Encoding.UTF8.GetBytes(new OpenApiDocument(api.Key, [.. api]).Json.ToJsonString()),
            StringComparer.Ordinal);

    private JsonObject Describe(Operation operation, OperationShape shape)
    {
        var described = new JsonObject
        {
            ["operationId"] = $"{operation.Name}_{operation.Method}",
            ["summary"] = operation.Clause,
            ["parameters"] = Parameters(operation, shape),
        };
        if (Body(shape) is { } body)
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = body };
        described["responses"] = new JsonObject
        {
            [shape.Status.ToString(CultureInfo.InvariantCulture)] = Success(operation, shape),
            ["default"] = new JsonObject
            {
                ["description"] = "Refused",
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = _schemas.Problem() } },
            },
        };
        // Answer.CurrentAsync: a change may be answered without its record.
        if (shape.Status == StatusCodes.Status200OK && operation.Method is "PUT" or "PATCH")
            described["responses"]!["204"] = new JsonObject { ["description"] = "Done; the client preferred no body (RFC 7240)" };
        if (shape.MayBeAccepted)
            described["responses"]!["202"] = new JsonObject { ["description"] = "Taken; the operator decides, and notificationDestination is told (29.222 5.5.2.4)" };
        if (shape.Notification is { } notification)
            described["callbacks"] = Callback(notification);
        return described;
    }

    private JsonArray Parameters(Operation operation, OperationShape shape)
    {
        var parameters = new JsonArray();
        foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(operation.Path, "\\{([^}]*)\\}"))
            parameters.Add(Parameter(match.Groups[1].Value, "path", isRequired: true, null));
        foreach (var name in shape.Query)
            parameters.Add(Parameter(name.TrimStart('!'), "query", name.StartsWith('!'), ParameterShapes.Of(operation, name.TrimStart('!'))));
        return parameters;
    }

    private JsonObject Parameter(string name, string place, bool isRequired, ParameterShape? shape)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = isRequired };
        var schema = shape is null ? new JsonObject { ["type"] = "string" } : _schemas.Of(WireType.Of(shape.Type));
        if (shape?.IsList == true)
            schema = new JsonObject { ["type"] = "array", ["items"] = schema, ["minItems"] = 1 };
        if (shape?.IsJson == true)
        {
            parameter["content"] = Content(RequestBody.Json, schema);
            return parameter;
        }

        // 29.122 5.2.12: commas between the items.
        if (shape?.IsList == true)
            parameter["explode"] = false;
        parameter["schema"] = schema;
        return parameter;
    }

    private JsonObject? Body(OperationShape shape)
    {
        if (shape.Request is not { } type)
            return null;
        if (type == typeof(AccessTokenReq))
            return Content(RequestBody.Form, _schemas.AccessTokenForm());
        return shape.Patchable is { } names ? Content(RequestBody.MergePatch, _schemas.Patch(WireType.Of(type), names)) : Content(RequestBody.Json, _schemas.Of(WireType.Of(type)));
    }

    private JsonObject Success(Operation operation, OperationShape shape)
    {
        var answer = new JsonObject { ["description"] = operation.Name };
        if (shape.Answer is { } type)
        {
            var schema = _schemas.Of(WireType.Of(type));
            if (shape.OtherAnswer is { } other)
                schema = new JsonObject { ["oneOf"] = new JsonArray(schema, _schemas.Of(WireType.Of(other))) };
            answer["content"] = Content(RequestBody.Json, shape.IsList ? new JsonObject { ["type"] = "array", ["items"] = schema } : schema);
        }

        if (shape.Status == StatusCodes.Status201Created)
        {
            answer["headers"] = new JsonObject
            {
                ["Location"] = new JsonObject { ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } },
            };
        }

        return answer;
    }

    private JsonObject Callback(Type notification) => new()
    {
        ["notificationDestination"] = new JsonObject
        {
            ["{$request.body#/notificationDestination}"] = new JsonObject
            {
                ["post"] = new JsonObject
                {
                    ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(RequestBody.Json, _schemas.Of(WireType.Of(notification))) },
                    ["responses"] = new JsonObject { ["204"] = new JsonObject { ["description"] = "Acknowledged" } },
                },
            },
        },
    };

    private static JsonObject Content(string mediaType, JsonNode schema) => new() { [mediaType] = new JsonObject { ["schema"] = schema } };
}
