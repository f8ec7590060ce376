namespace CapifOrleans.Events;

/// <summary>When occurrences are reported (29.508 5.6.3.2).</summary>
[GenerateSerializer, Alias("CAPIF.NotificationMethod"), JsonConverter(typeof(JsonStringEnumConverter<NotificationMethod>))]
public enum NotificationMethod
{
    /// <summary><c>PERIODIC</c>.</summary>
    [JsonStringEnumMemberName("PERIODIC")]
    Periodic,

    /// <summary><c>ONE_TIME</c>.</summary>
    [JsonStringEnumMemberName("ONE_TIME")]
    OneTime,

    /// <summary><c>ON_EVENT_DETECTION</c>.</summary>
    [JsonStringEnumMemberName("ON_EVENT_DETECTION")]
    OnEventDetection,
}
