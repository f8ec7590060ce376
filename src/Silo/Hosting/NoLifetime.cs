using Microsoft.Extensions.Hosting;

namespace CapifOrleans.Silo.Hosting;

/// <summary>Leaves signals alone: <see cref="Commands.StopSignals"/> alone decides when the process ends.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
