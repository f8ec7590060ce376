using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Fuzz;

/// <summary>An operation of a served document.</summary>
internal sealed record DocumentedOperation(JsonObject Document, string Root, string Path, string Method, JsonObject Description)
{
    /// <summary>Every operation of a document.</summary>
    public static IEnumerable<DocumentedOperation> Of(JsonObject document)
    {
        var root = document["servers"]![0]!["url"]!.GetValue<string>().Replace("{apiRoot}", "", StringComparison.Ordinal);
        return
            from path in document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            select new DocumentedOperation(document, root, path.Key, method.Key.ToUpperInvariant(), method.Value!.AsObject());
    }

    public override string ToString() => $"{Method} {Root}{Path}";
}

/// <summary>A request to an operation, right or wrong in its path, query, media type, body or bytes.</summary>
internal sealed record FuzzedRequest(DocumentedOperation Operation, string PathAndQuery, string? MediaType, byte[]? Body)
{
    /// <summary>The next request to this operation. Of one seed they are always the same, but for what identifiers the core function gives.</summary>
    public static FuzzedRequest Next(DocumentedOperation operation, Random random, Func<string, JsonNode?> known)
    {
        var samples = new SchemaSamples(operation.Document, random, known);
        var path = new StringBuilder(operation.Root + operation.Path);
        var query = new List<string>();
        foreach (var parameter in operation.Description["parameters"]!.AsArray())
        {
            var name = parameter!["name"]!.GetValue<string>();
            if ((string?)parameter["in"] == "path")
                path.Replace($"{{{name}}}", Escape(random.Next(5) > 0 && known(name) is { } value ? value.ToString() : Identifier(random, samples)));
            else if ((bool?)parameter["required"] == true ? random.Next(10) > 0 : random.Next(5) == 0)
                query.AddRange(Enumerable.Range(0, random.Next(20) == 0 ? 2 : 1).Select(_ => $"{name}={Escape(Value(name, random, samples, known))}"));
        }

        var target = query.Count == 0 ? path.ToString() : $"{path}?{string.Join('&', query)}";
        if (operation.Description["requestBody"]?["content"]?.AsObject() is not { } content)
            return new FuzzedRequest(operation, target, null, null);
        var (mediaType, described) = content.First();
        var body = samples.Body(described!["schema"]!.AsObject(), random.Next(3) == 0 ? 0 : random.Next(1, 4));
        var bytes = mediaType.EndsWith("urlencoded", StringComparison.Ordinal) ? Form(body) : Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "null");
        return new FuzzedRequest(operation, target, random.Next(15) == 0 ? WrongMediaType(random) : mediaType, Damage(bytes, random));
    }

    /// <summary>Whether Kestrel answers it 400 before there is a request that anybody could give a reason for.</summary>
    public bool IsNoHttp => PathAndQuery.Split('?')[0].Contains("%00", StringComparison.Ordinal);

    public HttpRequestMessage ToMessage(Uri core, AuthenticationHeaderValue? credential)
    {
        var message = new HttpRequestMessage(new HttpMethod(Operation.Method), new Uri(core, PathAndQuery));
        message.Headers.Authorization = credential;
        if (Body is null)
            return message;
        message.Content = new ByteArrayContent(Body);
        if (MediaType is not null)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        return message;
    }

    public override string ToString() =>
        $"{Operation.Method} {PathAndQuery} [{MediaType}] {(Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2000))))}";

    private static string Identifier(Random random, SchemaSamples samples) => random.Next(4) switch
    {
        0 => Guid.Empty.ToString("N"),
        1 => new string('a', random.Next(1, 4000)),
        // An empty segment is another resource.
        _ => samples.Text() is { Length: > 0 } text ? text : "x",
    };

    private static string Value(string name, Random random, SchemaSamples samples, Func<string, JsonNode?> known) => random.Next(6) switch
    {
        > 2 when known(name) is { } value => value.ToString(),
        1 => "{\"a\":[1,{}]}",
        2 => new string(',', random.Next(1, 1200)),
        _ => samples.Text(),
    };

    private static string WrongMediaType(Random random) =>
        random.Next(4) switch { 0 => "text/plain", 1 => "application/json; charset=utf-16", 2 => "rubbish", _ => "application/merge-patch+json" };

    private static byte[] Damage(byte[] bytes, Random random)
    {
        switch (random.Next(25))
        {
            case 0:
                return [];
            case 1:
                return bytes[..random.Next(bytes.Length + 1)];
            case 2 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                return bytes;
        }
    }

    private static byte[] Form(JsonNode? body) => Encoding.UTF8.GetBytes(string.Join(
        '&', (body as JsonObject ?? []).Select(one => $"{Escape(one.Key)}={Escape(one.Value?.ToString() ?? "")}")));

    // A lone dot segment would be taken out by the client already.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace(".", "%2E", StringComparison.Ordinal);
}
