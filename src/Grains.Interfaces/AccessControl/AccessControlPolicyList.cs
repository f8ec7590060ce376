namespace CapifOrleans.AccessControl;

/// <summary>The access control policies of a service API (TS 29.222 8.6.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.AccessControlPolicyList")]
public sealed record AccessControlPolicyList
{
    /// <summary>One policy for each API invoker.</summary>
    [Id(0), JsonPropertyName("apiInvokerPolicies")]
    public ImmutableArray<ApiInvokerPolicy>? ApiInvokerPolicies { get; init; }
}
