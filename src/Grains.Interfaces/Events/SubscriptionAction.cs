namespace CapifOrleans.Events;

/// <summary>What becomes of a subscription (29.571 5.2.4).</summary>
[GenerateSerializer, Alias("CAPIF.SubscriptionAction"), JsonConverter(typeof(JsonStringEnumConverter<SubscriptionAction>))]
public enum SubscriptionAction
{
    /// <summary><c>CLOSE</c>.</summary>
    [JsonStringEnumMemberName("CLOSE")]
    Close,

    /// <summary><c>CONTINUE_WITH_MUTING</c>.</summary>
    [JsonStringEnumMemberName("CONTINUE_WITH_MUTING")]
    ContinueWithMuting,

    /// <summary><c>CONTINUE_WITHOUT_MUTING</c>.</summary>
    [JsonStringEnumMemberName("CONTINUE_WITHOUT_MUTING")]
    ContinueWithoutMuting,
}
