using Orleans.Concurrency;

namespace CapifOrleans.Interconnection;

/// <summary>Some of the API invokers of a peer that this core function knows of. The key is <c>ccfId/share</c>, 256 shares a peer.</summary>
[Alias("capif.IInterconnectedInvokersGrain")]
public interface IInterconnectedInvokersGrain : IGrainWithStringKey
{
    /// <summary>Before an API invoker is known: remembers, durably, that it may be. Idempotent.</summary>
    [Alias("Add")]
    Task AddAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Nothing is known of it any more. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Those that may be known.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<string>> ListAsync(CancellationToken cancellationToken);
}
