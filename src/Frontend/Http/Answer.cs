using CapifOrleans.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Http;

/// <summary>Shapes answers.</summary>
public static class Answer
{
    private const string Minimal = "return=minimal";

    /// <summary>Answers with a body that is ready.</summary>
    public static Task BytesAsync(HttpContext http, int status, string mediaType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        return response.BodyWriter.WriteAsync(body).AsTask();
    }

    /// <summary>Answers with a wire record as JSON.</summary>
    public static Task JsonAsync<T>(HttpContext http, int status, T value)
        where T : class => BytesAsync(http, status, RequestBody.Json, WireJson.SerializeToUtf8Bytes(value));

    /// <summary>
    /// Answers with what a resource is now: 200 and the record, or to a change whose client prefers <c>return=minimal</c> (RFC 7240 4.2) 204
    /// without it. 29.222 leaves the choice of the two to the core function.
    /// </summary>
    public static Task CurrentAsync<T>(HttpContext http, T value)
        where T : class
    {
        var isChange = HttpMethods.IsPut(http.Request.Method) || HttpMethods.IsPatch(http.Request.Method);
        if (!isChange || !http.Request.Headers.GetCommaSeparatedValues("Prefer").Contains(Minimal, StringComparer.OrdinalIgnoreCase))
            return JsonAsync(http, StatusCodes.Status200OK, value);
        http.Response.Headers["Preference-Applied"] = Minimal;
        return Empty(http, StatusCodes.Status204NoContent);
    }

    /// <summary>Answers without a body.</summary>
    public static Task Empty(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Sets Location to the absolute URI of a new resource: scheme and host as the client addressed them.</summary>
    public static void SetLocation(HttpContext http, string path) =>
        http.Response.Headers[HeaderNames.Location] = ApiRoot(http) + path;

    /// <summary>The apiRoot (29.222 7.5): scheme and host as the client addressed them.</summary>
    public static string ApiRoot(HttpContext http) => $"https://{http.Request.Host.Value}";

    /// <summary>
    /// Ends the TLS session after this answer (33.122 B.1, 6.8 step 6): HTTP/1.1 by <c>Connection: close</c>, HTTP/2 by GOAWAY.
    /// </summary>
    public static void CloseConnectionAfter(HttpContext http)
    {
        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
            http.Response.Headers[HeaderNames.Connection] = "close";
        else
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
