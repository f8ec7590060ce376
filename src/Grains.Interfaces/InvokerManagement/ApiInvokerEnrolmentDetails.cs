namespace CapifOrleans.InvokerManagement;

/// <summary>An API invoker at its onboarding, and as it is onboarded (TS 29.222 8.4.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.APIInvokerEnrolmentDetails")]
public sealed record ApiInvokerEnrolmentDetails
{
    /// <summary>API invoker identifier.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public string? ApiInvokerId { get; init; }

    /// <summary>Onboarding information.</summary>
    [Id(1), JsonPropertyName("onboardingInformation")]
    public required OnboardingInformation OnboardingInformation { get; init; }

    /// <summary>Notification destination.</summary>
    [Id(2), JsonPropertyName("notificationDestination"), CallbackUri]
    public required string NotificationDestination { get; init; }

    /// <summary>Request test notification.</summary>
    [Id(3), JsonPropertyName("requestTestNotification")]
    public bool? RequestTestNotification { get; init; }

    /// <summary>Websocket notification config.</summary>
    [Id(4), JsonPropertyName("websockNotifConfig")]
    public WebsockNotifConfig? WebsockNotifConfig { get; init; }

    /// <summary>API list.</summary>
    [Id(5), JsonPropertyName("apiList")]
    public ApiList? ApiList { get; init; }

    /// <summary>API invoker information.</summary>
    [Id(6), JsonPropertyName("apiInvokerInformation")]
    public string? ApiInvokerInformation { get; init; }

    /// <summary>Expiry time.</summary>
    [Id(7), JsonPropertyName("expTime")]
    public WireDateTime? ExpTime { get; init; }

    /// <summary>Supported features.</summary>
    [Id(8), JsonPropertyName("supportedFeatures")]
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>Failure reasons.</summary>
    [Id(9), JsonPropertyName("failureReasons"), MinItems(1)]
    public ImmutableArray<EnrolFailReason>? FailureReasons { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came (29.222 7.11).</summary>
    [Id(10), JsonExtensionData, JsonInclude]
    public VendorSpecificAttributes? VendorSpecific { get; internal set; }
}
