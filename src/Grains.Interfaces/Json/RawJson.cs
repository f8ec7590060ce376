using System.Text.Json;

namespace CapifOrleans.Json;

/// <summary>JSON that this core function keeps and hands on without reading it; it goes out as it came.</summary>
[GenerateSerializer, Immutable, Alias("capif.RawJson"), JsonConverter(typeof(Converter))]
public readonly record struct RawJson
{
    /// <summary>The JSON text.</summary>
    [Id(0)]
    public string Text { get; private init; }

    /// <summary>JSON text that is known to be well-formed.</summary>
    public static RawJson Of(JsonElement element) => new() { Text = element.GetRawText() };

    /// <summary>Reads and writes the text.</summary>
    public sealed class Converter : JsonConverter<RawJson>
    {
        /// <inheritdoc/>
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return Of(document.RootElement);
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
