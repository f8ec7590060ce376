namespace CapifOrleans.Publish;

/// <summary>How a resource communicates (TS 29.222 8.2.4.3.5).</summary>
[GenerateSerializer, Alias("CAPIF.CommunicationType"), JsonConverter(typeof(JsonStringEnumConverter<CommunicationType>))]
public enum CommunicationType
{
    /// <summary><c>REQUEST_RESPONSE</c>.</summary>
    [JsonStringEnumMemberName("REQUEST_RESPONSE")]
    RequestResponse,

    /// <summary><c>SUBSCRIBE_NOTIFY</c>.</summary>
    [JsonStringEnumMemberName("SUBSCRIBE_NOTIFY")]
    SubscribeNotify,
}
