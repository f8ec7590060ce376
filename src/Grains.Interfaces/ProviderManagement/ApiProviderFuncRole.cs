namespace CapifOrleans.ProviderManagement;

/// <summary>The role of a function (TS 29.222 8.9.4.3.3).</summary>
[GenerateSerializer, Alias("CAPIF.ApiProviderFuncRole"), JsonConverter(typeof(JsonStringEnumConverter<ApiProviderFuncRole>))]
public enum ApiProviderFuncRole
{
    /// <summary><c>AEF</c>.</summary>
    [JsonStringEnumMemberName("AEF")]
    Aef,

    /// <summary><c>APF</c>.</summary>
    [JsonStringEnumMemberName("APF")]
    Apf,

    /// <summary><c>AMF</c>.</summary>
    [JsonStringEnumMemberName("AMF")]
    Amf,
}
