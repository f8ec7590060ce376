namespace CapifOrleans.Security;

/// <summary>Why an authorization was revoked (TS 29.222 8.5.4.3.3).</summary>
[GenerateSerializer, Alias("CAPIF.Cause"), JsonConverter(typeof(JsonStringEnumConverter<Cause>))]
public enum Cause
{
    /// <summary><c>OVERLIMIT_USAGE</c>.</summary>
    [JsonStringEnumMemberName("OVERLIMIT_USAGE")]
    OverlimitUsage,

    /// <summary><c>UNEXPECTED_REASON</c>.</summary>
    [JsonStringEnumMemberName("UNEXPECTED_REASON")]
    UnexpectedReason,

    /// <summary><c>AUTHORIZATION_ISSUE</c>.</summary>
    [JsonStringEnumMemberName("AUTHORIZATION_ISSUE")]
    AuthorizationIssue,

    /// <summary><c>OTHER_REASON</c>.</summary>
    [JsonStringEnumMemberName("OTHER_REASON")]
    OtherReason,
}
