namespace CapifOrleans.Logging;

/// <summary>How long invocation logs are kept (23.222 AR-4.7.2-b, Annex E), and what removes them afterwards. One, key "retention".</summary>
[Alias("capif.IInvocationLogRetentionGrain")]
public interface IInvocationLogRetentionGrain : IGrainWithStringKey
{
    /// <summary>Sees to it that logs are removed when their time is over, now and after restarts. Idempotent.</summary>
    [Alias("Begin")]
    Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>Sets how long the logs of a service API are kept, in hours from when they came; null for without end.</summary>
    [Alias("Set")]
    Task<Outcome> SetAsync(string apiId, int? hours, CancellationToken cancellationToken);

    /// <summary>The service API has no retention of its own any more.</summary>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>What is set, and what holds for all others (apiId null).</summary>
    [Alias("List")]
    Task<ImmutableArray<InvocationLogRetention>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes what was kept long enough, at once; how many entries.</summary>
    [Alias("Purge")]
    Task<long> PurgeAsync(CancellationToken cancellationToken);
}

/// <summary>How long logs are kept.</summary>
[GenerateSerializer, Immutable, Alias("capif.InvocationLogRetention")]
public sealed record InvocationLogRetention
{
    /// <summary>The service API; null for all that have nothing of their own.</summary>
    [Id(0)]
    public string? ApiId { get; init; }

    /// <summary>Hours from when a log came; null for without end.</summary>
    [Id(1)]
    public int? Hours { get; init; }
}
