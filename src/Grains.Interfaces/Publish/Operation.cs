namespace CapifOrleans.Publish;

/// <summary>An HTTP method (TS 29.222 8.2.4.3.7).</summary>
[GenerateSerializer, Alias("CAPIF.Operation"), JsonConverter(typeof(JsonStringEnumConverter<Operation>))]
public enum Operation
{
    /// <summary><c>GET</c>.</summary>
    [JsonStringEnumMemberName("GET")]
    Get,

    /// <summary><c>POST</c>.</summary>
    [JsonStringEnumMemberName("POST")]
    Post,

    /// <summary><c>PUT</c>.</summary>
    [JsonStringEnumMemberName("PUT")]
    Put,

    /// <summary><c>PATCH</c>.</summary>
    [JsonStringEnumMemberName("PATCH")]
    Patch,

    /// <summary><c>DELETE</c>.</summary>
    [JsonStringEnumMemberName("DELETE")]
    Delete,
}
