using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>How an API invoker and an AEF authenticate (TS 33.122 6.5.2, 29.222 8.2.4.3.6).</summary>
[JsonConverter(typeof(SecurityMethodConverter))]
public enum SecurityMethod
{
    /// <summary>TLS-PSK with AEFPSK (6.5.2.1).</summary>
    Psk,

    /// <summary>Mutual TLS with certificates (6.5.2.2).</summary>
    Pki,

    /// <summary>TLS with an OAuth 2.0 access token (6.5.2.3).</summary>
    Oauth,
}

/// <summary>Its names on the wire.</summary>
internal sealed class SecurityMethodConverter : JsonConverter<SecurityMethod>
{
    public override SecurityMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString()) ?? throw new JsonException("The security method is not known.");

    public override void Write(Utf8JsonWriter writer, SecurityMethod value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value switch { SecurityMethod.Psk => "PSK", SecurityMethod.Pki => "PKI", _ => "OAUTH" });

    internal static SecurityMethod? TryParse(string? text) => text switch
    {
        "PSK" => SecurityMethod.Psk,
        "PKI" => SecurityMethod.Pki,
        "OAUTH" => SecurityMethod.Oauth,
        _ => null,
    };
}

/// <summary>A list of them; those of later releases are passed over, since nothing here could use them.</summary>
internal sealed class SecurityMethodsConverter : JsonConverter<IReadOnlyList<SecurityMethod>>
{
    public override IReadOnlyList<SecurityMethod> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A list is expected.");
        var methods = new List<SecurityMethod>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (SecurityMethodConverter.TryParse(reader.GetString()) is { } method)
                methods.Add(method);
        }

        return methods;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<SecurityMethod> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], ClientJson.Default.SecurityMethodArray);
}
