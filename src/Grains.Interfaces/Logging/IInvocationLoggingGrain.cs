namespace CapifOrleans.Logging;

/// <summary>Takes invocation logs (29.222 5.8). A stateless worker (always key 0): the logs go to a table, not to grain state.</summary>
[Alias("capif.IInvocationLoggingGrain")]
public interface IInvocationLoggingGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Checks that invoker and service APIs exist, stores the entries (durable when it returns) and publishes
    /// SERVICE_API_INVOCATION_SUCCESS and _FAILURE. The answer is the logId. A batch that came before is not stored again: it is known by
    /// <paramref name="idempotencyKey"/>, if there is one, otherwise by being the same where each entry has its invocationTime.
    /// </summary>
    /// <param name="aef">Who logs.</param>
    /// <param name="log">The batch.</param>
    /// <param name="idempotencyKey">What the AEF calls this request, in every try; null for nothing.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Log")]
    Task<Outcome<StoredInvocationLog>> LogAsync(CallerIdentity aef, InvocationLog log, string? idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>A log that was stored.</summary>
[GenerateSerializer, Immutable, Alias("capif.StoredInvocationLog")]
public sealed record StoredInvocationLog
{
    /// <summary>Its identifier.</summary>
    [Id(0)]
    public required string LogId { get; init; }

    /// <summary>The representation to answer with.</summary>
    [Id(1)]
    public required InvocationLog Log { get; init; }
}
