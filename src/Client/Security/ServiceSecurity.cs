using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>ServiceSecurity (TS 29.222 8.5.4.2.2), as far as an API invoker needs it.</summary>
internal sealed record ServiceSecurity
{
    public required IReadOnlyList<SecurityInformation> SecurityInfo { get; init; }

    public string? NotificationDestination { get; init; }

    public string? SupportedFeatures { get; init; }
}

/// <summary>SecurityInformation (8.5.4.2.3).</summary>
internal sealed record SecurityInformation
{
    public string? AefId { get; init; }

    [JsonConverter(typeof(SecurityMethodsConverter))]
    public IReadOnlyList<SecurityMethod>? PrefSecurityMethods { get; init; }

    /// <summary>A text: a method of a later release is no method in common.</summary>
    public string? SelSecurityMethod { get; init; }

    public string? AuthenticationInfo { get; init; }

    [JsonIgnore]
    public SecurityMethod? Selected => SecurityMethodConverter.TryParse(SelSecurityMethod);
}

/// <summary>
/// What <c>authenticationInfo</c> says to an API invoker whose method is PSK, at this project's core function; the standard defines no content
/// (docs/divergences.md).
/// </summary>
internal sealed record AefPskInformation
{
    public string? PskIdentity { get; init; }

    /// <summary>Seconds.</summary>
    public long? ValidityTime { get; init; }

    /// <summary>Reads it; empty for another core function's, whatever it says.</summary>
    public static AefPskInformation Read(string? authenticationInfo)
    {
        try
        {
            return authenticationInfo is null
                ? new AefPskInformation()
                : System.Text.Json.JsonSerializer.Deserialize(authenticationInfo, ClientJson.Default.AefPskInformation) ?? new AefPskInformation();
        }
        catch (System.Text.Json.JsonException)
        {
            return new AefPskInformation();
        }
    }
}

/// <summary>SecurityNotification (8.5.4.2.5).</summary>
internal sealed record SecurityNotification
{
    public required string ApiInvokerId { get; init; }

    public string? AefId { get; init; }
}

/// <summary>AccessTokenRsp (8.5.4.2.7).</summary>
internal sealed record AccessTokenRsp
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }

    public override string ToString() => nameof(AccessTokenRsp);
}
