namespace CapifOrleans.AccessControl;

/// <summary>The policies of some API invokers at one service API. The key is <c>apiId/share</c>.</summary>
[Alias("capif.IApiInvokerPoliciesGrain")]
public interface IApiInvokerPoliciesGrain : IGrainWithStringKey
{
    /// <summary>The policies of one API invoker, or of all.</summary>
    [Alias("Get")]
    Task<ImmutableArray<HeldPolicy>> GetAsync(string? apiInvokerId, CancellationToken cancellationToken);

    /// <summary>
    /// Puts policies. One that was set replaces what was there for the same AEF and API invoker; one by default does not, so that nobody
    /// gets other bounds by negotiating again. Events go to the AEFs for which something changed. Durable when it returns; idempotent.
    /// </summary>
    /// <param name="policies">The policies.</param>
    /// <param name="aefIds">The AEFs that expose the service API.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Put")]
    Task PutAsync(ImmutableArray<HeldPolicy> policies, ImmutableArray<string> aefIds, CancellationToken cancellationToken);

    /// <summary>Removes what was set for that AEF (null: for all) and API invoker; false where nothing was.</summary>
    [Alias("Unset")]
    Task<bool> UnsetAsync(string? aefId, string apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken);

    /// <summary>The API invoker is no longer authorized at that AEF: what it got by default goes, what was set stays. Idempotent.</summary>
    [Alias("End")]
    Task EndAsync(string aefId, string apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken);

    /// <summary>Removes everything of an API invoker, or of all. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string? apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken);
}

/// <summary>A policy on record.</summary>
[GenerateSerializer, Immutable, Alias("capif.HeldPolicy")]
public sealed record HeldPolicy
{
    /// <summary>The AEF at which it holds; null for all that expose the service API.</summary>
    [Id(0)]
    public string? AefId { get; init; }

    /// <summary>Whether nobody set it: the API invoker got it with its security context (23.222 8.1.3).</summary>
    [Id(1)]
    public bool IsByDefault { get; init; }

    /// <summary>The bounds.</summary>
    [Id(2)]
    public required ApiInvokerPolicy Policy { get; init; }

    /// <summary>Since when there is one; policies are answered in this order.</summary>
    [Id(3), JsonIgnore]
    public DateTimeOffset CreatedAt { get; init; }
}
