namespace CapifOrleans.Publish;

/// <summary>An OAuth 2.0 grant type (TS 29.222 8.2.4.3.8).</summary>
[GenerateSerializer, Alias("CAPIF.OAuthGrantType"), JsonConverter(typeof(JsonStringEnumConverter<OAuthGrantType>))]
public enum OAuthGrantType
{
    /// <summary><c>CLIENT_CREDENTIALS</c>.</summary>
    [JsonStringEnumMemberName("CLIENT_CREDENTIALS")]
    ClientCredentials,

    /// <summary><c>AUTHORIZATION_CODE</c>.</summary>
    [JsonStringEnumMemberName("AUTHORIZATION_CODE")]
    AuthorizationCode,

    /// <summary><c>AUTHORIZATION_CODE_WITH_PKCE</c>.</summary>
    [JsonStringEnumMemberName("AUTHORIZATION_CODE_WITH_PKCE")]
    AuthorizationCodeWithPkce,
}
