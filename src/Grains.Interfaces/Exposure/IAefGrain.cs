namespace CapifOrleans.Exposure;

/// <summary>What this core function knows of an AEF's duties: whom it must refuse, and what it acknowledged. The key is the aefId.</summary>
[Alias("capif.IAefGrain")]
public interface IAefGrain : IGrainWithStringKey
{
    /// <summary>Records that an API invoker was offboarded (33.122 6.8 step 7): from now on it is refused. Idempotent, durable when it returns.</summary>
    [Alias("InvokerOffboarded")]
    Task InvokerOffboardedAsync(InvokerRevocation revocation, CancellationToken cancellationToken);

    /// <summary>Records that the AEF answered the notification of that event with success: of an offboarding (33.122 6.8 step 10), or of
    /// a revoked authorization (23.222 8.23). Idempotent.</summary>
    [Alias("Acknowledge")]
    Task AcknowledgeAsync(string apiInvokerId, string eventId, CancellationToken cancellationToken);

    /// <summary>The revocation on record of an API invoker; null when there is none, or it was kept long enough.</summary>
    [Alias("GetRevocation")]
    Task<InvokerRevocation?> GetRevocationAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Records that authorizations ended (29.222 5.6.2.5): from now on tokens that they cover are refused. Idempotent, durable when it returns.</summary>
    [Alias("AuthorizationRevoked")]
    Task AuthorizationRevokedAsync(AuthorizationRevocation revocation, CancellationToken cancellationToken);

    /// <summary>The revocations on record of an API invoker's authorizations, with when the AEF acknowledged each.</summary>
    [Alias("GetAuthorizationRevocations")]
    Task<ImmutableArray<AuthorizationRevocation>> GetAuthorizationRevocationsAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>
    /// An AEF within a core function's process wants to be told of what ends, from now on; it says so again and again. The answer is what it
    /// must know of already.
    /// </summary>
    [Alias("Attach")]
    Task<ImmutableArray<AuthorizationRevocation>> AttachAsync(string processId, IAefObserver aef, CancellationToken cancellationToken);

    /// <summary>Whether a token whose signature is good is void here all the same: its invoker was offboarded, or what it grants was revoked.</summary>
    [Alias("IsRevoked")]
    Task<bool> IsRevokedAsync(PresentedToken token, CancellationToken cancellationToken);
}

/// <summary>An API invoker that an AEF must refuse.</summary>
[GenerateSerializer, Immutable, Alias("capif.InvokerRevocation")]
public sealed record InvokerRevocation
{
    /// <summary>The API invoker.</summary>
    [Id(0)]
    public required string ApiInvokerId { get; init; }

    /// <summary>The event that tells the AEF.</summary>
    [Id(1)]
    public required string EventId { get; init; }

    /// <summary>Tokens issued at or before this time are void.</summary>
    [Id(2)]
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>When nothing of the invoker can be valid any more, so that this need not be kept.</summary>
    [Id(3)]
    public required DateTimeOffset KeepUntil { get; init; }

    /// <summary>When the AEF acknowledged it; null while it has not.</summary>
    [Id(4)]
    public DateTimeOffset? AcknowledgedAt { get; init; }
}
