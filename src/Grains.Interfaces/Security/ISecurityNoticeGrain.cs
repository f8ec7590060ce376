namespace CapifOrleans.Security;

/// <summary>Tells an API invoker of revocations (29.222 8.5.3): an outbox of its own. The key is the apiInvokerId.</summary>
[Alias("capif.ISecurityNoticeGrain")]
public interface ISecurityNoticeGrain : IGrainWithStringKey
{
    /// <summary>Puts a notice into the outbox; durable when it returns. A notice that was there before is not sent twice.</summary>
    [Alias("Enqueue")]
    Task EnqueueAsync(string noticeId, string destination, SecurityNotification notice, CancellationToken cancellationToken);

    /// <summary>Drops what is still in the outbox, as the invoker is offboarded. Idempotent.</summary>
    [Alias("Clear")]
    Task ClearAsync(CancellationToken cancellationToken);
}
