using System.Text.Json;

namespace CapifOrleans;

/// <summary>Features by number, as a hexadecimal string whose last character holds features 1 to 4 (29.571 5.2.2, 29.500 6.6.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.SupportedFeatures"), JsonConverter(typeof(Converter))]
public readonly record struct SupportedFeatures
{
    // No API of TS 29.222 has more than some ten features.
    private const int MaxLength = 64;

    /// <summary>The text.</summary>
    [Id(0)]
    public string Text { get; private init; }

    /// <summary>These features.</summary>
    public static SupportedFeatures Of(params ReadOnlySpan<int> features)
    {
        ulong bits = 0;
        foreach (var feature in features)
            bits |= 1UL << (feature - 1);
        return new SupportedFeatures { Text = bits.ToString("x", System.Globalization.CultureInfo.InvariantCulture) };
    }

    /// <summary>Reads a text; false where it is not hexadecimal.</summary>
    public static bool TryParse(string? text, out SupportedFeatures value)
    {
        value = text is { Length: <= MaxLength } && text.All(char.IsAsciiHexDigit) ? new SupportedFeatures { Text = text } : default;
        return value.Text is not null;
    }

    /// <summary>Whether the feature of that number is among them.</summary>
    public bool Has(int feature)
    {
        var index = Text is null ? -1 : Text.Length - 1 - ((feature - 1) / 4);
        return index >= 0 && (Convert.ToInt32(Text!.Substring(index, 1), 16) & (1 << ((feature - 1) % 4))) != 0;
    }

    /// <summary>The features in both, written as wide as this one (leading zeros mean nothing, and clients compare texts).</summary>
    public SupportedFeatures Intersect(SupportedFeatures other)
    {
        var common = new char[Text?.Length ?? 0];
        for (var index = 0; index < common.Length; index++)
        {
            var fromEnd = common.Length - 1 - index;
            var its = other.Text is { } text && fromEnd < text.Length ? Convert.ToInt32(text.Substring(text.Length - 1 - fromEnd, 1), 16) : 0;
            common[index] = "0123456789abcdef"[Convert.ToInt32(Text!.Substring(index, 1), 16) & its];
        }

        return new SupportedFeatures { Text = new string(common) };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads and writes the text.</summary>
    public sealed class Converter : JsonConverter<SupportedFeatures>
    {
        /// <inheritdoc/>
        public override SupportedFeatures Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var value) ? value : throw new JsonException("Features are hexadecimal digits.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, SupportedFeatures value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
