namespace CapifOrleans.Events;

/// <summary>What becomes of buffered notifications (29.571 5.2.4).</summary>
[GenerateSerializer, Alias("CAPIF.BufferedNotificationsAction"), JsonConverter(typeof(JsonStringEnumConverter<BufferedNotificationsAction>))]
public enum BufferedNotificationsAction
{
    /// <summary><c>SEND_ALL</c>.</summary>
    [JsonStringEnumMemberName("SEND_ALL")]
    SendAll,

    /// <summary><c>DISCARD_ALL</c>.</summary>
    [JsonStringEnumMemberName("DISCARD_ALL")]
    DiscardAll,

    /// <summary><c>DROP_OLD</c>.</summary>
    [JsonStringEnumMemberName("DROP_OLD")]
    DropOld,
}
