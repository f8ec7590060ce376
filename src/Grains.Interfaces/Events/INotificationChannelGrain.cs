using Orleans.Concurrency;

namespace CapifOrleans.Events;

/// <summary>
/// Notifications over a websocket (29.122 5.2.5.4): one channel for each subscription, onboarding or security context that asked for one. The
/// key is the last segment of the websocketUri. What is to be sent waits in its sender's outbox; the channel knows who may connect, who is
/// connected, and the number of the frame that is under way.
/// </summary>
[Alias("capif.INotificationChannelGrain")]
public interface INotificationChannelGrain : IGrainWithStringKey
{
    /// <summary>Makes the channel for who may connect. Idempotent, durable when it returns.</summary>
    [Alias("Open")]
    Task OpenAsync(string ownerId, CancellationToken cancellationToken);

    /// <summary>Ends the channel and its connection. Idempotent.</summary>
    [Alias("Close"), AlwaysInterleave]
    Task CloseAsync(CancellationToken cancellationToken);

    /// <summary>Whether this caller may connect; from memory.</summary>
    [Alias("IsOwner"), AlwaysInterleave]
    Task<bool> IsOwnerAsync(string callerId, CancellationToken cancellationToken);

    /// <summary>
    /// Connects, or keeps a connection known: it is called again and again while the connection stands. A later connection takes the place of
    /// an earlier one, which is closed. False where the caller may not connect (any more).
    /// </summary>
    [Alias("Attach"), AlwaysInterleave]
    Task<bool> AttachAsync(string callerId, string connectionId, INotificationChannelObserver connection, CancellationToken cancellationToken);

    /// <summary>The connection is gone. Idempotent.</summary>
    [Alias("Detach"), AlwaysInterleave]
    Task DetachAsync(string connectionId, CancellationToken cancellationToken);

    /// <summary>The client's answer to the frame of that number: whether it took the notification (2xx).</summary>
    [Alias("Acknowledge"), AlwaysInterleave]
    Task AcknowledgeAsync(string connectionId, int sequence, bool isTaken, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a notification and waits for its acknowledgement; false when none came in time, nobody is connected, or it was refused. The same
    /// notification is sent again under the same number.
    /// </summary>
    [Alias("Deliver")]
    Task<bool> DeliverAsync(string notificationId, ImmutableArray<byte> json, CancellationToken cancellationToken);
}

/// <summary>The frontend's end of a websocket.</summary>
[Alias("capif.INotificationChannelObserver")]
public interface INotificationChannelObserver : IGrainObserver
{
    /// <summary>Sends a frame.</summary>
    [Alias("Send")]
    Task SendAsync(int sequence, ImmutableArray<byte> json);

    /// <summary>Closes the websocket: the channel ended, or a later connection took its place.</summary>
    [Alias("Close")]
    Task CloseAsync();
}
