using CapifOrleans.Connections;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// What a change of a peer makes necessary elsewhere: steps that can be done again, found by a reminder until they are done.
/// </summary>
internal sealed partial class InterconnectedCcfGrain
{
    private const string Reminder = "steps";
    private const int AskedAtATime = 32;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private bool HasSteps => state.State.IsLeaving || state.State.ToReview.Count > 0;

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(CancellationToken cancellationToken)
    {
        if (state.State.Ccf is null)
            return None;
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        state.State = new InterconnectedCcfState { IsLeaving = true };
        await WriteAsync();
        // From here on it is refused; what it has open ends.
        await GrainFactory.GetGrain<IInterconnectionDirectoryGrain>("peers").RemoveAsync(CcfId, cancellationToken);
        await GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(CcfId, cancellationToken);
        await Sharing.EndAsync(cancellationToken);
        ContinueSoon();
        PeerRemoved(CcfId);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => ContinueAsync(CancellationToken.None);

    private async Task ReviewAsync(string? apiInvokerId)
    {
        if (!state.State.ToReview.Contains(apiInvokerId ?? ""))
            state.State.ToReview.Add(apiInvokerId ?? "");
        await WriteAsync();
        ContinueSoon();
    }

    private void ContinueSoon() => this.RegisterGrainTimer(ContinueAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task ContinueAsync(CancellationToken cancellationToken)
    {
        if (state.State.IsLeaving)
            await LeaveAsync(cancellationToken);
        else if (state.State.ToReview.Count > 0)
            await ReviewAsync(cancellationToken);
        await this.EndReminderAsync(Reminder);
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // Its directory entry again: the process may have ended between the first write and that.
        await GrainFactory.GetGrain<IInterconnectionDirectoryGrain>("peers").RemoveAsync(CcfId, cancellationToken);
        await Sharing.EndAsync(cancellationToken);
        await Notices.ClearAsync(cancellationToken);
        await Publisher.UnpublishAllAsync(cancellationToken);
        await EachInvokerAsync((invoker, token) => invoker.ForgetAsync(CcfId, token), cancellationToken);
        await state.ClearStateAsync();
        Show();
        DeactivateOnIdle();
    }

    private async Task ReviewAsync(CancellationToken cancellationToken)
    {
        var reviewed = state.State.ToReview.ToList();
        if (reviewed.Contains(""))
            await EachInvokerAsync((invoker, token) => invoker.ReviewAsync(token), cancellationToken);
        foreach (var apiInvokerId in reviewed.Where(one => one.Length > 0))
            await GrainFactory.GetGrain<IInterconnectedInvokerGrain>(apiInvokerId).ReviewAsync(cancellationToken);
        state.State.ToReview.RemoveAll(reviewed.Contains);
        await WriteAsync();
    }

    private async Task EachInvokerAsync(Func<IInterconnectedInvokerGrain, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        foreach (var share in InterconnectedInvokersGrain.All(GrainFactory, CcfId))
        {
            foreach (var some in (await share.ListAsync(cancellationToken)).Chunk(AskedAtATime))
                await Task.WhenAll(some.Select(apiInvokerId => act(GrainFactory.GetGrain<IInterconnectedInvokerGrain>(apiInvokerId), cancellationToken)));
        }
    }

    [LoggerMessage(5, LogLevel.Information, "Core function {CcfId} is no peer any more")]
    private partial void PeerRemoved(string ccfId);
}
