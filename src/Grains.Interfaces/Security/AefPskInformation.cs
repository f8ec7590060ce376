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

    /// <summary>
    /// The core function that the API invoker is onboarded to, where the AEF is another's: what the invoker tells the AEF (seed 003 6.X.3.1, "CCF-B
    /// information"). For the API invoker only.
    /// </summary>
    [Id(3)]
    public string? CcfId { get; init; }

    /// <summary>As <c>authenticationInfo</c> holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AefPskInformationJson.Default.AefPskInformation);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static AefPskInformation Parse(string json) =>
        JsonSerializer.Deserialize(json, AefPskInformationJson.Default.AefPskInformation) ?? throw new JsonException("There is no AEFPSK information.");

    /// <summary>Not the key.</summary>
    public override string ToString() => nameof(AefPskInformation);
}

/// <summary>
/// What <c>authenticationInfo</c> holds for the API invoker where the AEF is another core function's and the method is PKI or OAUTH, as JSON.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.InterconnectionInformation")]
public sealed record InterconnectionInformation
{
    /// <summary>The core function that the API invoker is onboarded to: what it tells the AEF ("CCF-B information").</summary>
    [Id(0)]
    public required string CcfId { get; init; }

    /// <summary>As <c>authenticationInfo</c> holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AefPskInformationJson.Default.InterconnectionInformation);
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AefPskInformation))]
[JsonSerializable(typeof(InterconnectionInformation))]
internal sealed partial class AefPskInformationJson : JsonSerializerContext;
