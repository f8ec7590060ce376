using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>An answer that the demonstration got.</summary>
internal sealed record DemoAnswer(JsonNode? Body, HttpResponseHeaders Headers, byte[] Bytes)
{
    /// <summary>The text of an attribute of the body, which must be there.</summary>
    public string Text(params string[] path)
    {
        var node = Body;
        foreach (var name in path)
            node = node?[name];
        return node?.GetValue<string>() ?? throw new DemoFailure($"the answer has {string.Join('.', path)}");
    }
}

/// <summary>Sends the demonstration's requests, compares the status and prints the step.</summary>
internal sealed class DemoHttp(DemoReport report)
{
    /// <summary>Sends a request as this party and expects this status.</summary>
    public async Task<DemoAnswer> SendAsync(DemoParty party, DemoRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, request.Uri) { Content = request.Content };
        if (request.Authorization is not null)
            message.Headers.Authorization = request.Authorization;
        var started = Stopwatch.GetTimestamp();
        using var response = await party.Client.SendAsync(message, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        var text = response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) == true
            ? Encoding.UTF8.GetString(bytes) : "";
        DemoFailure.Unless(
            response.StatusCode == request.Expected,
            $"{request.What}: {request.Method} {request.Uri.AbsolutePath} answers {(int)request.Expected}; it answered {(int)response.StatusCode} {text}");
        report.Request(request.What, request.Method, request.Uri.PathAndQuery, (int)response.StatusCode, request.Clause, took);
        return new DemoAnswer(text.Length == 0 ? null : JsonNode.Parse(text), response.Headers, bytes);
    }
}

/// <summary>A request of the demonstration, with what it shows.</summary>
internal sealed record DemoRequest(string What, string Clause, HttpMethod Method, Uri Uri, HttpStatusCode Expected)
{
    /// <summary>The body.</summary>
    public HttpContent? Content { get; init; }

    /// <summary>The credential, where the operation takes one.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>A JSON body.</summary>
    public static HttpContent Json(JsonNode body) => new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
}
