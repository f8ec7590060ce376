namespace CapifOrleans.Events;

/// <summary>Whether reporting is muted (29.571 5.2.4).</summary>
[GenerateSerializer, Alias("CAPIF.NotificationFlag"), JsonConverter(typeof(JsonStringEnumConverter<NotificationFlag>))]
public enum NotificationFlag
{
    /// <summary><c>ACTIVATE</c>.</summary>
    [JsonStringEnumMemberName("ACTIVATE")]
    Activate,

    /// <summary><c>DEACTIVATE</c>.</summary>
    [JsonStringEnumMemberName("DEACTIVATE")]
    Deactivate,

    /// <summary><c>RETRIEVAL</c>.</summary>
    [JsonStringEnumMemberName("RETRIEVAL")]
    Retrieval,
}
