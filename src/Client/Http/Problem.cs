using System.Net;
using System.Text.Json;

namespace CapifOrleans.Client;

/// <summary>What an answer says of a refusal: ProblemDetails (RFC 9457, TS 29.122 5.2.1.2.12), or the OAuth error body (RFC 6749 5.2).</summary>
internal sealed record Problem
{
    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? Cause { get; init; }

    public IReadOnlyList<InvalidParam>? InvalidParams { get; init; }

    public string? Error { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    /// <summary>Reads it; empty for a body that is something else.</summary>
    public static Problem Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ClientJson.Default.Problem) ?? new Problem();
        }
        catch (JsonException)
        {
            return new Problem();
        }
    }

    /// <summary>As an exception; <paramref name="what"/> was asked for.</summary>
    public CapifException ToException(string what, HttpStatusCode status)
    {
        var parts = new[] { Error, Title, Detail ?? ErrorDescription, Cause, string.Join(", ", (InvalidParams ?? []).Select(one => $"{one.Param}: {one.Reason}")) };
        return new CapifException($"{what} was refused with {(int)status}: {string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)).Distinct())}", status)
        {
            Cause = Cause ?? Error,
            InvalidParams = InvalidParams ?? [],
        };
    }
}
