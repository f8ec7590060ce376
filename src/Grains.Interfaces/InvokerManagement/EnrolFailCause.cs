namespace CapifOrleans.InvokerManagement;

/// <summary>Why a service API could not be enrolled for (TS 29.222 8.4.4.3.3).</summary>
[GenerateSerializer, Alias("CAPIF.EnrolFailCause"), JsonConverter(typeof(JsonStringEnumConverter<EnrolFailCause>))]
public enum EnrolFailCause
{
    /// <summary><c>AUTHORIZATION_ISSUE</c>.</summary>
    [JsonStringEnumMemberName("AUTHORIZATION_ISSUE")]
    AuthorizationIssue,

    /// <summary><c>ONBOARDING_CRI_NOT_MET</c>.</summary>
    [JsonStringEnumMemberName("ONBOARDING_CRI_NOT_MET")]
    OnboardingCriNotMet,

    /// <summary><c>UNSPECIFIED</c>.</summary>
    [JsonStringEnumMemberName("UNSPECIFIED")]
    Unspecified,
}
