namespace CapifOrleans.Events;

/// <summary>A subscription to events (TS 29.222 8.3.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.EventSubscription")]
public sealed record EventSubscription
{
    /// <summary>Events.</summary>
    [Id(0), JsonPropertyName("events"), MinItems(1)]
    public required ImmutableArray<CapifEvent> Events { get; init; }

    /// <summary>Event filters.</summary>
    [Id(1), JsonPropertyName("eventFilters"), MinItems(1)]
    public ImmutableArray<CapifEventFilter>? EventFilters { get; init; }

    /// <summary>Event request.</summary>
    [Id(2), JsonPropertyName("eventReq")]
    public ReportingInformation? EventReq { get; init; }

    /// <summary>Notification destination.</summary>
    [Id(3), JsonPropertyName("notificationDestination"), CallbackUri]
    public required string NotificationDestination { get; init; }

    /// <summary>Request test notification.</summary>
    [Id(4), JsonPropertyName("requestTestNotification")]
    public bool? RequestTestNotification { get; init; }

    /// <summary>Websocket notification config.</summary>
    [Id(5), JsonPropertyName("websockNotifConfig")]
    public WebsockNotifConfig? WebsockNotifConfig { get; init; }

    /// <summary>Supported features.</summary>
    [Id(6), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(7), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
