using CapifOrleans.Security;

namespace CapifOrleans.Interconnection;

/// <summary>
/// What a peer must hear of: revocations and offboardings, each delivered at least once and in order, however long the peer is away. The key is
/// its ccfId.
/// </summary>
[Alias("capif.IPeerNoticeGrain")]
public interface IPeerNoticeGrain : IGrainWithStringKey
{
    /// <summary>
    /// The peer is to be told that all authorizations of an API invoker end (29.222 5.6.2.5, DELETE), or those of
    /// <paramref name="notification"/> (POST .../delete). Durable when it returns; the same <paramref name="noticeId"/> twice is one notice.
    /// </summary>
    [Alias("Enqueue")]
    Task EnqueueAsync(string noticeId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken);

    /// <summary>How many wait.</summary>
    [Alias("Count")]
    Task<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what waits: the peer is none any more. Idempotent.</summary>
    [Alias("Clear")]
    Task ClearAsync(CancellationToken cancellationToken);
}
