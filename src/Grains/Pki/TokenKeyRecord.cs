namespace CapifOrleans.Grains.Pki;

/// <summary>What is on record of a key that signs tokens.</summary>
internal sealed record TokenKeyRecord
{
    /// <summary>Its identifier (<c>kid</c>).</summary>
    public required string KeyId { get; init; }

    /// <summary>The file in the folder of the certification authority.</summary>
    public required string File { get; init; }

    /// <summary>Its algorithm.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<TokenAlgorithm>))]
    public required TokenAlgorithm Algorithm { get; init; }

    /// <summary>When it was made, and published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it signs; the one before it signs until then.</summary>
    public required DateTimeOffset SignsFrom { get; init; }
}

/// <summary>The keys on record, oldest first.</summary>
internal sealed record TokenKeyRecords
{
    /// <summary>The version of this file's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The keys.</summary>
    public required IReadOnlyList<TokenKeyRecord> Keys { get; init; }
}

/// <summary>How the record is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TokenKeyRecords))]
internal sealed partial class TokenKeyRecordContext : JsonSerializerContext;
