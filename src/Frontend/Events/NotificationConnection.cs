using System.Net.WebSockets;
using CapifOrleans.Events;

namespace CapifOrleans.Frontend.Events;

/// <summary>One websocket of a channel: frames out, acknowledgements in.</summary>
internal sealed class NotificationConnection(WebSocket socket, INotificationChannelGrain channel, string callerId, IClusterClient grains)
    : INotificationChannelObserver, IAsyncDisposable
{
    private const int MaxFrame = 4 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly string _connectionId = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _ended = new();
    private INotificationChannelObserver? _self;

    /// <inheritdoc/>
    public async Task SendAsync(int sequence, ImmutableArray<byte> json)
    {
        await _sending.WaitAsync(_ended.Token);
        try
        {
            await socket.SendAsync(NotificationFrame.Write(sequence, json.AsSpan()), WebSocketMessageType.Binary, true, _ended.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        // A cancelled read would reset the connection: the client is to see a close frame, and has a moment to answer it.
        await GoodbyeAsync();
        _ended.CancelAfter(Patience);
    }

    /// <summary>Runs until either end closes it.</summary>
    public async Task RunAsync(TimeSpan knownAgainAfter, TimeProvider time, CancellationToken clientGone)
    {
        _self = grains.CreateObjectReference<INotificationChannelObserver>(this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, clientGone);
        if (!await channel.AttachAsync(callerId, _connectionId, _self, clientGone))
            return;
        using var timer = time.CreateTimer(_ => _ = StayKnownAsync(), null, knownAgainAfter, knownAgainAfter);
        try
        {
            await ReceiveAsync(either.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            // Gone, or to be closed.
        }

        await GoodbyeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await channel.DetachAsync(_connectionId, CancellationToken.None);
        if (_self is not null)
            grains.DeleteObjectReference<INotificationChannelObserver>(_self);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFrame];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                // What is longer than any acknowledgement is none.
                if (length == buffer.Length)
                    return;
                result = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
                return;
            if (NotificationFrame.TryReadAcknowledgement(buffer.AsSpan(0, length), out var sequence, out var isTaken))
                await channel.AcknowledgeAsync(_connectionId, sequence, isTaken, cancellationToken);
        }
    }

    /// <summary>The channel's grain may have been activated anew, and then knows of no connection.</summary>
    private async Task StayKnownAsync()
    {
        try
        {
            if (!await channel.AttachAsync(callerId, _connectionId, _self!, _ended.Token))
                await _ended.CancelAsync();
        }
#pragma warning disable CA1031 // It is tried again at the next tick.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A fault of the grain's is in its own log.
        }
    }

    private async Task GoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _sending.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            // It is gone already.
        }
        finally
        {
            _sending.Release();
        }
    }
}
