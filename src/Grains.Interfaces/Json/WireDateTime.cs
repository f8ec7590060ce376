using System.Globalization;
using System.Text.Json;

namespace CapifOrleans.Json;

/// <summary>A DateTime of the wire (RFC 3339, 29.122 table 5.2.1.3.2-1). It goes out with the very text with which it came.</summary>
[GenerateSerializer, Immutable, Alias("capif.WireDateTime"), JsonConverter(typeof(Converter))]
public readonly record struct WireDateTime
{
    private const string RoundTrip = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>The text.</summary>
    [Id(0)]
    public string Text { get; private init; }

    /// <summary>The time that the text means.</summary>
    public DateTimeOffset Instant => TryRead(Text, out var instant) ? instant : default;

    /// <summary>A time as text.</summary>
    public static WireDateTime Of(DateTimeOffset instant) =>
        new() { Text = instant.UtcDateTime.ToString(RoundTrip, CultureInfo.InvariantCulture) };

    /// <summary>Reads a text; false where it is no RFC 3339 date-time.</summary>
    public static bool TryParse(string? text, out WireDateTime value)
    {
        value = text is not null && TryRead(text, out _) ? new WireDateTime { Text = text } : default;
        return value.Text is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        // Date, T, time with seconds, and Z or an offset; everything else that .NET would read is not RFC 3339.
        return text.Length is >= 20 and <= 40 && text[10] is 'T' or 't' && text[4] == '-' && text[7] == '-' && text[13] == ':' && text[16] == ':'
            && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
    }

    /// <summary>Reads and writes the text.</summary>
    public sealed class Converter : JsonConverter<WireDateTime>
    {
        /// <inheritdoc/>
        public override WireDateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var value) ? value : throw new JsonException("This is no RFC 3339 date-time.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, WireDateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
