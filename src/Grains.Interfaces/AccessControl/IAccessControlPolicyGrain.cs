namespace CapifOrleans.AccessControl;

/// <summary>
/// What all API invokers of one service API have in common. The key is the apiId. The policies themselves lie in
/// <see cref="IApiInvokerPoliciesGrain"/>s, each a share of the API invokers: a service API may have very many.
/// </summary>
[Alias("capif.IAccessControlPolicyGrain")]
public interface IAccessControlPolicyGrain : IGrainWithStringKey
{
    /// <summary>Before policies are put into a share: remembers, durably, that it is in use.</summary>
    [Alias("Use")]
    Task<ServiceApiPolicies> UseAsync(string share, CancellationToken cancellationToken);

    /// <summary>What is on record.</summary>
    [Alias("Get")]
    Task<ServiceApiPolicies> GetAsync(CancellationToken cancellationToken);

    /// <summary>Sets what later API invokers get; null for nothing of its own.</summary>
    [Alias("SetDefault")]
    Task SetDefaultAsync(ApiInvokerPolicy? policy, CancellationToken cancellationToken);

    /// <summary>Forgets everything; the shares were emptied before. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(CancellationToken cancellationToken);
}

/// <summary>What all API invokers of a service API have in common.</summary>
[GenerateSerializer, Immutable, Alias("capif.ServiceApiPolicies")]
public sealed record ServiceApiPolicies
{
    /// <summary>What later API invokers get; null where nothing was set.</summary>
    [Id(0)]
    public ApiInvokerPolicy? Default { get; init; }

    /// <summary>The shares in use.</summary>
    [Id(1)]
    public ImmutableArray<string> Shares { get; init; } = [];
}
