using System.Buffers;
using System.Text.Json;
using CapifOrleans.Frontend.Http;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Problems;

/// <summary>Writes problem+json (RFC 9457, 29.122 5.2.6), or the OAuth error body (RFC 6749 5.2) for an error of that kind.</summary>
public static class ProblemWriter
{
    private const string ProblemJson = "application/problem+json";
    private const string Json = "application/json";

    /// <summary>Answers with a refusal.</summary>
    public static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        if (ProblemMap.OAuthCode(refusal.Kind) is { } code)
            return OAuthAsync(http, ProblemMap.Of(refusal.Kind).Status, code, refusal.Detail);
        var (status, title) = ProblemMap.Of(refusal.Kind);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers[HeaderNames.RetryAfter] = "5";
        return WriteAsync(http, status, title, refusal.Detail, refusal.Cause, refusal.InvalidParams);
    }

    /// <summary>Answers with a status that no grain gave, as of a route that does not exist.</summary>
    public static Task WriteAsync(HttpContext http, int status, string title, string? detail, string? cause, ImmutableArray<InvalidParam> faults)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WireText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("title"u8, title);
            writer.WriteNumber("status"u8, status);
            if (detail is not null)
                writer.WriteString("detail"u8, detail);
            if (cause is not null)
                writer.WriteString("cause"u8, cause);
            WriteFaults(writer, faults);
            writer.WriteEndObject();
        }

        return Answer.BytesAsync(http, status, ProblemJson, buffer.WrittenMemory);
    }

    private static void WriteFaults(Utf8JsonWriter writer, ImmutableArray<InvalidParam> faults)
    {
        if (faults.IsDefaultOrEmpty)
            return;
        writer.WriteStartArray("invalidParams"u8);
        foreach (var fault in faults)
        {
            writer.WriteStartObject();
            writer.WriteString("param"u8, fault.Param);
            if (fault.Reason is not null)
                writer.WriteString("reason"u8, fault.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static Task OAuthAsync(HttpContext http, int status, string code, string description)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, WireText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, code);
            writer.WriteString("error_description"u8, description);
            writer.WriteEndObject();
        }

        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return Answer.BytesAsync(http, status, Json, buffer.WrittenMemory);
    }
}
