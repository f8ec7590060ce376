namespace CapifOrleans;

/// <summary>How notifications are delivered over a websocket (29.122 5.2.1.2.10).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.WebsockNotifConfig")]
public sealed record WebsockNotifConfig
{
    /// <summary>Websocket URI.</summary>
    [Id(0), JsonPropertyName("websocketUri")]
    public string? WebsocketUri { get; init; }

    /// <summary>Request websocket URI.</summary>
    [Id(1), JsonPropertyName("requestWebsocketUri")]
    public bool? RequestWebsocketUri { get; init; }
}
