using System.Buffers;
using CapifOrleans.Frontend.Operations;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Http;

/// <summary>Reads request bodies: the right media type, within the operation's bound, whole.</summary>
internal static class RequestBody
{
    /// <summary>JSON.</summary>
    public const string Json = "application/json";

    /// <summary>JSON merge patch (RFC 7396; 29.122 5.2.2.2).</summary>
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>A form (RFC 6749 appendix B).</summary>
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>The body, or null when the request was answered with what is wrong with it: 415, 413 or 400.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext http, string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var given)
            || !given.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "Unsupported Media Type", $"The body must be {mediaType}.", null);
            return null;
        }

        var bound = http.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.MaxBodySize ?? 64 * 1024;
        if (http.Request.ContentLength > bound)
            return await TooLargeAsync(http, bound);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length > bound)
            {
                reader.AdvanceTo(buffer.End);
                return await TooLargeAsync(http, bound);
            }

            if (result.IsCompleted)
            {
                var body = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static async ValueTask<byte[]?> TooLargeAsync(HttpContext http, int bound)
    {
        Answer.CloseConnectionAfter(http);
        await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, "Payload Too Large", $"The body is longer than {bound} octets.", null);
        return null;
    }

    private static Task RefuseAsync(HttpContext http, int status, string title, string detail, string? cause) =>
        Problems.ProblemWriter.WriteAsync(http, status, title, detail, cause, []);
}
