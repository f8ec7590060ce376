using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>A secret text as octets (UTF-8), which can be overwritten, as a string cannot.</summary>
internal sealed class SecretBytesConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A string is expected.");
        var longest = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var whole = new byte[longest];
        var secret = whole.AsSpan(0, reader.CopyString(whole)).ToArray();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(whole);
        return secret;
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
