namespace CapifOrleans.Publish;

/// <summary>The data format of an interface (TS 29.222 8.2.4.3.4).</summary>
[GenerateSerializer, Alias("CAPIF.DataFormat"), JsonConverter(typeof(JsonStringEnumConverter<DataFormat>))]
public enum DataFormat
{
    /// <summary><c>JSON</c>.</summary>
    [JsonStringEnumMemberName("JSON")]
    Json,

    /// <summary><c>XML</c>.</summary>
    [JsonStringEnumMemberName("XML")]
    Xml,

    /// <summary><c>PROTOBUF3</c>.</summary>
    [JsonStringEnumMemberName("PROTOBUF3")]
    Protobuf3,
}
