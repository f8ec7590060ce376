using CapifOrleans.Events;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Events;

/// <summary>What is stored of a channel.</summary>
internal sealed class NotificationChannelState
{
    /// <summary>Who may connect.</summary>
    public string OwnerId { get; set; } = "";

    /// <summary>The notification that was sent last.</summary>
    public string NotificationId { get; set; } = "";

    /// <summary>The number of its frame, 0 to 9999.</summary>
    public int Sequence { get; set; }
}

/// <inheritdoc/>
[GrainType("notification-channel")]
internal sealed class NotificationChannelGrain(
    [PersistentState("channel", GrainStorage.Name)] IPersistentState<NotificationChannelState> state, NotificationOptions options, TimeProvider time)
    : Grain, INotificationChannelGrain
{
    private const int Numbers = 10_000;
    private string? _connectionId;
    private INotificationChannelObserver? _connection;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool>? _acknowledged;

    /// <inheritdoc/>
    public async Task OpenAsync(string ownerId, CancellationToken cancellationToken)
    {
        if (state.State.OwnerId == ownerId)
            return;
        state.State.OwnerId = ownerId;
        await state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _acknowledged?.TrySetResult(false);
        if (state.RecordExists)
        {
            state.State = new NotificationChannelState();
            await state.ClearStateAsync();
        }

        await ReplaceAsync(null, null);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<bool> IsOwnerAsync(string callerId, CancellationToken cancellationToken) => Task.FromResult(IsOwner(callerId));

    /// <inheritdoc/>
    public async Task<bool> AttachAsync(
        string callerId, string connectionId, INotificationChannelObserver connection, CancellationToken cancellationToken)
    {
        if (!IsOwner(callerId))
            return false;
        if (_connectionId != connectionId)
            await ReplaceAsync(connectionId, connection);
        return true;
    }

    /// <inheritdoc/>
    public Task DetachAsync(string connectionId, CancellationToken cancellationToken)
    {
        if (_connectionId == connectionId)
            Forget();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(string connectionId, int sequence, bool isTaken, CancellationToken cancellationToken)
    {
        if (_connectionId == connectionId && sequence == state.State.Sequence)
            _acknowledged?.TrySetResult(isTaken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<bool> DeliverAsync(string notificationId, ImmutableArray<byte> json, CancellationToken cancellationToken)
    {
        if (!await ConnectedAsync(cancellationToken) || state.State.OwnerId.Length == 0)
            return false;
        if (state.State.NotificationId != notificationId)
        {
            // Before it leaves: after a crash it must go out under the same number again.
            state.State.NotificationId = notificationId;
            state.State.Sequence = (state.State.Sequence + 1) % Numbers;
            await state.WriteStateAsync();
        }

        return await SendAsync(json, cancellationToken);
    }

    private async Task<bool> SendAsync(ImmutableArray<byte> json, CancellationToken cancellationToken)
    {
        if (_connection is not { } connection)
            return false;
        var acknowledged = _acknowledged = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await connection.SendAsync(state.State.Sequence, json).WaitAsync(options.AttemptTimeout, time, cancellationToken);
            return await acknowledged.Task.WaitAsync(options.AttemptTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
#pragma warning disable CA1031 // Whatever the frontend failed with: the connection is of no use, and a new one will come.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (ReferenceEquals(_connection, connection))
                Forget();
            return false;
        }
        finally
        {
            _acknowledged = null;
        }
    }

    private bool IsOwner(string callerId) => state.State.OwnerId.Length > 0 && state.State.OwnerId == callerId;

    private async Task<bool> ConnectedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connected.Task.WaitAsync(options.AttemptTimeout / 2, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task ReplaceAsync(string? connectionId, INotificationChannelObserver? connection)
    {
        var before = _connection;
        Forget();
        if (connection is not null)
        {
            _connectionId = connectionId;
            _connection = connection;
            _connected.TrySetResult();
        }

        try
        {
            if (before is not null)
                await before.CloseAsync().WaitAsync(options.AttemptTimeout, time);
        }
#pragma warning disable CA1031 // A connection that cannot be closed is gone already.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Its client finds that nothing comes on it.
        }
    }

    private void Forget()
    {
        _connection = null;
        _connectionId = null;
        _acknowledged?.TrySetResult(false);
        if (_connected.Task.IsCompleted)
            _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
