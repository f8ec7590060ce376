using System.Text.Json;

namespace CapifOrleans.Security;

/// <summary>
/// What <c>authenticationInfo</c> holds where PSK is the method, as JSON (29.222 8.5.4.2.3 defines no content; docs/divergences.md). The
/// API invoker gets identity and validity, the AEF the key besides.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.AefPskInformation")]
public sealed record AefPskInformation
{
    /// <summary>The PSK identity on CAPIF-2e: the apiInvokerId.</summary>
    [Id(0)]
    public required string PskIdentity { get; init; }

    /// <summary>Seconds for which the key is still valid (33.122 6.5.2.1 steps 1 and 5).</summary>
    [Id(1)]
    public required long ValidityTime { get; init; }

    /// <summary>The key, base64; for the AEF only: the API invoker derives it.</summary>
    [Id(2)]
    public string? AefPsk { get; init; }

    /// <summary>As <c>authenticationInfo</c> holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AefPskInformationJson.Default.AefPskInformation);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static AefPskInformation Parse(string json) =>
        JsonSerializer.Deserialize(json, AefPskInformationJson.Default.AefPskInformation) ?? throw new JsonException("There is no AEFPSK information.");

    /// <summary>Not the key.</summary>
    public override string ToString() => nameof(AefPskInformation);
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AefPskInformation))]
internal sealed partial class AefPskInformationJson : JsonSerializerContext;
