using CapifOrleans.Events;

namespace CapifOrleans.Grains.Discover;

/// <summary>Counts discoveries and tells the durable counts a little later, so that no discovery waits for a disk.</summary>
internal sealed partial class DiscoveryGrain
{
    private readonly DiscoveryTallies _tallies = new();
    private IGrainTimer? _telling;

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => TellCountsAsync(cancellationToken);

    private void TellCountsSoon()
    {
        if (_telling is null && !_tallies.IsEmpty)
        {
            _telling = this.RegisterGrainTimer(
                TellCountsAsync, new GrainTimerCreationOptions(notifications.CountInterval, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
    }

    private async Task TellCountsAsync(CancellationToken cancellationToken)
    {
        _telling?.Dispose();
        _telling = null;
        if (_tallies.IsEmpty)
            return;
        var taken = _tallies.Take();
        try
        {
            await GrainFactory.GetGrain<IDiscoveryCountsGrain>("discoveries").AddAsync(taken, CancellationToken.None);
        }
#pragma warning disable CA1031 // The next telling takes them along.
        catch (Exception)
#pragma warning restore CA1031
        {
            _tallies.PutBack(taken);
        }
    }
}
