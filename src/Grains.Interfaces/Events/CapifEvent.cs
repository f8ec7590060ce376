namespace CapifOrleans.Events;

/// <summary>An event of CAPIF (TS 29.222 8.3.4.3.3).</summary>
[GenerateSerializer, Alias("CAPIF.CAPIFEvent"), JsonConverter(typeof(JsonStringEnumConverter<CapifEvent>))]
public enum CapifEvent
{
    /// <summary><c>SERVICE_API_AVAILABLE</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_AVAILABLE")]
    ServiceApiAvailable,

    /// <summary><c>SERVICE_API_UNAVAILABLE</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_UNAVAILABLE")]
    ServiceApiUnavailable,

    /// <summary><c>SERVICE_API_UPDATE</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_UPDATE")]
    ServiceApiUpdate,

    /// <summary><c>API_INVOKER_ONBOARDED</c>.</summary>
    [JsonStringEnumMemberName("API_INVOKER_ONBOARDED")]
    ApiInvokerOnboarded,

    /// <summary><c>API_INVOKER_OFFBOARDED</c>.</summary>
    [JsonStringEnumMemberName("API_INVOKER_OFFBOARDED")]
    ApiInvokerOffboarded,

    /// <summary><c>SERVICE_API_INVOCATION_SUCCESS</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_INVOCATION_SUCCESS")]
    ServiceApiInvocationSuccess,

    /// <summary><c>SERVICE_API_INVOCATION_FAILURE</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_INVOCATION_FAILURE")]
    ServiceApiInvocationFailure,

    /// <summary><c>ACCESS_CONTROL_POLICY_UPDATE</c>.</summary>
    [JsonStringEnumMemberName("ACCESS_CONTROL_POLICY_UPDATE")]
    AccessControlPolicyUpdate,

    /// <summary><c>ACCESS_CONTROL_POLICY_UNAVAILABLE</c>.</summary>
    [JsonStringEnumMemberName("ACCESS_CONTROL_POLICY_UNAVAILABLE")]
    AccessControlPolicyUnavailable,

    /// <summary><c>API_INVOKER_AUTHORIZATION_REVOKED</c>.</summary>
    [JsonStringEnumMemberName("API_INVOKER_AUTHORIZATION_REVOKED")]
    ApiInvokerAuthorizationRevoked,

    /// <summary><c>API_INVOKER_UPDATED</c>.</summary>
    [JsonStringEnumMemberName("API_INVOKER_UPDATED")]
    ApiInvokerUpdated,

    /// <summary><c>API_TOPOLOGY_HIDING_CREATED</c>.</summary>
    [JsonStringEnumMemberName("API_TOPOLOGY_HIDING_CREATED")]
    ApiTopologyHidingCreated,

    /// <summary><c>API_TOPOLOGY_HIDING_REVOKED</c>.</summary>
    [JsonStringEnumMemberName("API_TOPOLOGY_HIDING_REVOKED")]
    ApiTopologyHidingRevoked,

    /// <summary><c>API_INVOKER_ONBOARDING_CRITERIA_FAILED</c>.</summary>
    [JsonStringEnumMemberName("API_INVOKER_ONBOARDING_CRITERIA_FAILED")]
    ApiInvokerOnboardingCriteriaFailed,

    /// <summary><c>SERVICE_API_ONBOARDED_BY_API_INVOKERS_COUNT</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_ONBOARDED_BY_API_INVOKERS_COUNT")]
    ServiceApiOnboardedByApiInvokersCount,

    /// <summary><c>SERVICE_API_DISCOVERY_BY_API_INVOKERS_COUNT</c>.</summary>
    [JsonStringEnumMemberName("SERVICE_API_DISCOVERY_BY_API_INVOKERS_COUNT")]
    ServiceApiDiscoveryByApiInvokersCount,
}
