using CapifOrleans.Frontend.Http;

namespace CapifOrleans.Frontend.OpenApi;

/// <summary>Serves the documents at <c>/openapi/{api}.json</c> of the operations listener.</summary>
internal static class OpenApiEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Made when one is first asked for: a start need not wait for them.
        var documents = new Lazy<IReadOnlyDictionary<string, byte[]>>(OpenApiDocument.All);
        endpoints.MapGet("/openapi/{api}.json", (RequestDelegate)(http => AnswerAsync(http, documents.Value)));
    }

    private static Task AnswerAsync(HttpContext http, IReadOnlyDictionary<string, byte[]> documents)
    {
        if (http.Request.RouteValues["api"] is string api && documents.TryGetValue(api, out var document))
            return Answer.BytesAsync(http, StatusCodes.Status200OK, RequestBody.Json, document);
        return Problems.ProblemWriter.WriteAsync(
            http, StatusCodes.Status404NotFound, "Not Found", $"There are {string.Join(", ", documents.Keys)}.", null, []);
    }
}
