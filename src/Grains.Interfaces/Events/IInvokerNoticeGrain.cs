namespace CapifOrleans.Events;

/// <summary>
/// Tells an API invoker what concerns itself: completed onboardings and updates (29.222 5.5.2.4, 5.5.2.6), revocations (8.5.3). An outbox for each
/// of the two, since they go to different places: the key is "onboarding/" or "security/" and the apiInvokerId.
/// </summary>
[Alias("capif.IInvokerNoticeGrain")]
public interface IInvokerNoticeGrain : IGrainWithStringKey
{
    /// <summary>Puts a notice into the outbox; durable when it returns. A notice that was there before is not sent twice.</summary>
    [Alias("Enqueue")]
    Task EnqueueAsync(InvokerNotice notice, CancellationToken cancellationToken);

    /// <summary>Drops what is still in the outbox, as the invoker is offboarded. Idempotent.</summary>
    [Alias("Clear")]
    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>A notification to an API invoker.</summary>
[GenerateSerializer, Immutable, Alias("capif.InvokerNotice")]
public sealed record InvokerNotice
{
    /// <summary>Its identifier, the same in every try.</summary>
    [Id(0)]
    public required string NoticeId { get; init; }

    /// <summary>The notificationDestination.</summary>
    [Id(1)]
    public required string Destination { get; init; }

    /// <summary>The websocket channel that it goes over; null where it is posted.</summary>
    [Id(2)]
    public string? Channel { get; init; }

    /// <summary>The JSON.</summary>
    [Id(3)]
    public required ImmutableArray<byte> Json { get; init; }

    /// <summary>Whether it holds a secret, which is not stored in the clear.</summary>
    [Id(4)]
    public bool IsSecret { get; init; }

    /// <summary>Not the JSON.</summary>
    public override string ToString() => NoticeId;
}
