using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Json;
using Orleans.Storage;

namespace CapifOrleans.Grains.Storage;

/// <summary>
/// Writes grain state as <c>{"version":1,"state":{...}}</c> with System.Text.Json's generated code, on both grain hosts. Orleans' own
/// default would drop false, 0 and null and keep CLR type names: neither is fit for a security product. A state type that no feature's
/// context lists is an error when it is first written, not a silent use of reflection.
/// </summary>
public sealed class GrainStateSerializer : IGrainStorageSerializer
{
    /// <summary>The version of the document format that this code writes; it refuses newer ones.</summary>
    public const int Version = 1;

    private readonly JsonSerializerOptions _options;

    /// <summary>A serializer of the state types of all features.</summary>
    public GrainStateSerializer(IEnumerable<IJsonTypeInfoResolver> contexts)
    {
        _options = new JsonSerializerOptions
        {
            // Wire records within state are read by their own context: a feature's could not set their vendor-specific attributes.
            TypeInfoResolver = JsonTypeInfoResolver.Combine([WireJsonContext.Default, .. contexts]),
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        };
        _options.MakeReadOnly();
    }

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, Version);
            writer.WritePropertyName("state"u8);
            JsonSerializer.Serialize(writer, input!, TypeInfo<T>());
            writer.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input)
    {
        var reader = new Utf8JsonReader(input.ToMemory().Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || !reader.ValueTextEquals("version"u8))
            throw new JsonException($"The stored state of {typeof(T).Name} is not a versioned document.");
        reader.Read();
        var version = reader.GetInt32();
        if (version > Version)
            throw new JsonException($"The stored state of {typeof(T).Name} has version {version}; this core function knows up to {Version}.");
        if (!reader.Read() || !reader.ValueTextEquals("state"u8) || !reader.Read())
            throw new JsonException($"The stored state of {typeof(T).Name} has no state.");
        return JsonSerializer.Deserialize(ref reader, TypeInfo<T>())!;
    }

    private JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
}
