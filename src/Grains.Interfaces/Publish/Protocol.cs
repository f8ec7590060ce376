namespace CapifOrleans.Publish;

/// <summary>The protocol of an interface (TS 29.222 8.2.4.3.3).</summary>
[GenerateSerializer, Alias("CAPIF.Protocol"), JsonConverter(typeof(JsonStringEnumConverter<Protocol>))]
public enum Protocol
{
    /// <summary><c>HTTP_1_1</c>.</summary>
    [JsonStringEnumMemberName("HTTP_1_1")]
    Http11,

    /// <summary><c>HTTP_2</c>.</summary>
    [JsonStringEnumMemberName("HTTP_2")]
    Http2,

    /// <summary><c>MQTT</c>.</summary>
    [JsonStringEnumMemberName("MQTT")]
    Mqtt,

    /// <summary><c>WEBSOCKET</c>.</summary>
    [JsonStringEnumMemberName("WEBSOCKET")]
    Websocket,
}
