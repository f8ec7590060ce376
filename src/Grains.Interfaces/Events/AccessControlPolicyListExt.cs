using CapifOrleans.AccessControl;

namespace CapifOrleans.Events;

/// <summary>The access control policies of a service API (TS 29.222 8.3.4.2.6).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AccessControlPolicyListExt")]
public sealed record AccessControlPolicyListExt
{
    /// <summary>API invoker policies.</summary>
    [Id(0), JsonPropertyName("apiInvokerPolicies")]
    public ImmutableArray<ApiInvokerPolicy>? ApiInvokerPolicies { get; init; }

    /// <summary>API identifier.</summary>
    [Id(1), JsonPropertyName("apiId")]
    public required string ApiId { get; init; }
}
