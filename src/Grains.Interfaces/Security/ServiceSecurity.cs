namespace CapifOrleans.Security;

/// <summary>The security context of an API invoker (TS 29.222 8.5.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.ServiceSecurity")]
public sealed record ServiceSecurity
{
    /// <summary>Security information.</summary>
    [Id(0), JsonPropertyName("securityInfo")]
    public required ImmutableArray<SecurityInformation> SecurityInfo { get; init; }

    /// <summary>Notification destination.</summary>
    [Id(1), JsonPropertyName("notificationDestination"), CallbackUri]
    public required string NotificationDestination { get; init; }

    /// <summary>Request test notification.</summary>
    [Id(2), JsonPropertyName("requestTestNotification")]
    public bool? RequestTestNotification { get; init; }

    /// <summary>Websocket notification config.</summary>
    [Id(3), JsonPropertyName("websockNotifConfig")]
    public WebsockNotifConfig? WebsockNotifConfig { get; init; }

    /// <summary>Supported features.</summary>
    [Id(4), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(5), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }

    /// <summary>The same with these vendor-specific attributes.</summary>
    public ServiceSecurity WithVendorSpecific(VendorSpecificAttributes? attributes) => this with { VendorSpecific = attributes };
}
