using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Client;

/// <summary>A JSON body that can be sent again.</summary>
internal static class JsonBody
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static Func<HttpContent> Of<T>(T value, JsonTypeInfo<T> type)
    {
        var octets = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return () => new ByteArrayContent(octets) { Headers = { ContentType = Json } };
    }
}
