using CapifOrleans.Connections;
using Microsoft.Extensions.Hosting;

namespace CapifOrleans.Frontend.Connections;

/// <summary>Keeps this frontend in the directory of frontends, so that grains reach its connections.</summary>
internal sealed partial class FrontendRegistration(
    IClusterClient grains, ConnectionRegistry registry, TimeProvider time, ILogger<FrontendRegistration> logger)
    : BackgroundService, IFrontendObserver
{
    // The directory forgets a frontend that has not registered for a few of these.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly string _frontendId = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public Task CloseConnectionsAsync(string id)
    {
        registry.Close(id);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Registered before the listener opens: no connection is ever out of revocation's reach.
        await RegisterAsync(grains.CreateObjectReference<IFrontendObserver>(this), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var self = grains.CreateObjectReference<IFrontendObserver>(this);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RegisterAsync(self, stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    RegistrationFailed(fault);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private Task RegisterAsync(IFrontendObserver self, CancellationToken cancellationToken) =>
        grains.GetGrain<IFrontendDirectoryGrain>("frontends").RegisterAsync(_frontendId, self, cancellationToken);

    [LoggerMessage(1, LogLevel.Warning, "This frontend could not register for revocations; it will try again")]
    private partial void RegistrationFailed(Exception fault);
}
