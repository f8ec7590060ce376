namespace CapifOrleans.AccessControl;

/// <summary>Answers AEFs' and the operator's questions of policies. A stateless worker (always key 0): the policies are other grains'.</summary>
[Alias("capif.IAccessControlGrain")]
public interface IAccessControlGrain : IGrainWithIntegerKey
{
    /// <summary>The policies of a service API at the AEF that asks (29.222 5.10.2.2). Refused where it does not expose that service API.</summary>
    [Alias("Query")]
    Task<Outcome<AccessControlPolicyList>> QueryAsync(CallerIdentity aef, AccessControlQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Sets a policy as the operator or the API provider wants it: durable when it returns, and the AEFs' events on their way. Without an
    /// API invoker it is what the service API's later API invokers get. Refused: what is not published, not onboarded, or no policy.
    /// </summary>
    [Alias("Set")]
    Task<Outcome> SetAsync(PolicySetting setting, CancellationToken cancellationToken);

    /// <summary>Everything on record of a service API.</summary>
    [Alias("List")]
    Task<Outcome<PolicyReport>> ListAsync(string apiId, string? apiProvDomId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back what was set: the API invoker is left with what it got by default, if anything. Refused where nothing was set.
    /// </summary>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(PolicySubject subject, CancellationToken cancellationToken);
}

/// <summary>An AEF's question (29.222 8.6.2.2.3.1).</summary>
[GenerateSerializer, Immutable, Alias("capif.AccessControlQuery")]
public sealed record AccessControlQuery
{
    /// <summary>The service API.</summary>
    [Id(0)]
    public required string ApiId { get; init; }

    /// <summary>The only API invoker of interest; null for all.</summary>
    [Id(1)]
    public string? ApiInvokerId { get; init; }

    /// <summary>supported-features: feature 1, CAPIF_Ext1, for policies with slices.</summary>
    [Id(2)]
    public SupportedFeatures? SupportedFeatures { get; init; }
}

/// <summary>Whose policy.</summary>
[GenerateSerializer, Immutable, Alias("capif.PolicySubject")]
public sealed record PolicySubject
{
    /// <summary>The service API.</summary>
    [Id(0)]
    public required string ApiId { get; init; }

    /// <summary>The AEF at which it holds; null for all that expose the service API.</summary>
    [Id(1)]
    public string? AefId { get; init; }

    /// <summary>The API invoker; null for those who come to the service API later.</summary>
    [Id(2)]
    public string? ApiInvokerId { get; init; }

    /// <summary>The domain whose service API it must be, where an API provider asks; null for the operator.</summary>
    [Id(3)]
    public string? ApiProvDomId { get; init; }
}

/// <summary>A policy to be set.</summary>
[GenerateSerializer, Immutable, Alias("capif.PolicySetting")]
public sealed record PolicySetting
{
    /// <summary>Whose.</summary>
    [Id(0)]
    public required PolicySubject Subject { get; init; }

    /// <summary>The bounds; its apiInvokerId is the subject's.</summary>
    [Id(1)]
    public required ApiInvokerPolicy Policy { get; init; }
}

/// <summary>The policies of a service API.</summary>
[GenerateSerializer, Immutable, Alias("capif.PolicyReport")]
public sealed record PolicyReport
{
    /// <summary>What later API invokers get; null where nothing was set for this service API.</summary>
    [Id(0)]
    public ApiInvokerPolicy? Default { get; init; }

    /// <summary>The policies of API invokers.</summary>
    [Id(1)]
    public ImmutableArray<HeldPolicy> Policies { get; init; } = [];
}
