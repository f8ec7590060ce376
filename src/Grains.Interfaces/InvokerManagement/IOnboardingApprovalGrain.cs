namespace CapifOrleans.InvokerManagement;

/// <summary>The operator's decisions on onboardings and updates. A stateless worker (always key 0).</summary>
[Alias("capif.IOnboardingApprovalGrain")]
public interface IOnboardingApprovalGrain : IGrainWithIntegerKey
{
    /// <summary>What waits, the oldest first.</summary>
    [Alias("List")]
    Task<ImmutableArray<PendingEnrolment>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Approves: the API invoker is onboarded, or updated, and told. NotFound where nothing of that identifier waits; other refusals say why it
    /// cannot be done (any more), and leave it waiting.
    /// </summary>
    [Alias("Approve")]
    Task<Outcome> ApproveAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>Refuses: the API invoker is told, its key is free again. NotFound where nothing of that identifier waits.</summary>
    [Alias("Refuse")]
    Task<Outcome> RefuseAsync(string requestId, CancellationToken cancellationToken);
}

/// <summary>
/// Which requests may be waiting, and whose they are (one, key "pending"). It is written before the request itself: one that is listed and not
/// known to its API invoker is none.
/// </summary>
[Alias("capif.IPendingEnrolmentsGrain")]
public interface IPendingEnrolmentsGrain : IGrainWithStringKey
{
    /// <summary>Adds a request. TooMany where too many wait.</summary>
    [Alias("Add")]
    Task<Outcome> AddAsync(string requestId, string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Takes requests off. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(ImmutableArray<string> requestIds, CancellationToken cancellationToken);

    /// <summary>The API invoker of each request.</summary>
    [Alias("List")]
    Task<ImmutableDictionary<string, string>> ListAsync(CancellationToken cancellationToken);
}
