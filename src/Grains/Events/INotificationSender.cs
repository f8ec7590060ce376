namespace CapifOrleans.Grains.Events;

/// <summary>Sends notifications.</summary>
public interface INotificationSender
{
    /// <summary>Posts JSON; true when the destination took it (2xx). It never throws for what the destination does.</summary>
    Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
