namespace CapifOrleans.Publish;

/// <summary>How an API invoker and an AEF authenticate (33.122 6.5.2) (TS 29.222 8.2.4.3.6).</summary>
[GenerateSerializer, Alias("CAPIF.SecurityMethod"), JsonConverter(typeof(JsonStringEnumConverter<SecurityMethod>))]
public enum SecurityMethod
{
    /// <summary><c>PSK</c>.</summary>
    [JsonStringEnumMemberName("PSK")]
    Psk,

    /// <summary><c>PKI</c>.</summary>
    [JsonStringEnumMemberName("PKI")]
    Pki,

    /// <summary><c>OAUTH</c>.</summary>
    [JsonStringEnumMemberName("OAUTH")]
    Oauth,
}
