using CapifOrleans.Grains.Pki;
using Microsoft.Extensions.Hosting;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>Looks every few seconds whether another silo changed the keys of tokens, and takes them over: long before a new key signs.</summary>
internal sealed partial class SecretsWatch(ClusterSecrets secrets, ITokenSigningKeys keys, TimeProvider time, ILogger<SecretsWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await secrets.ReadVersionAsync(cancellationToken) == secrets.Version)
                return;
            await secrets.ChangeAsync(
                () =>
                {
                    keys.Reload();
                    return true;
                },
                cancellationToken);
            Taken(secrets.Version);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            NotTaken(fault);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The cluster's keys were changed by another silo; version {Version} was taken over")]
    private partial void Taken(long version);

    [LoggerMessage(2, LogLevel.Warning, "The cluster's keys could not be looked at; it will be tried again")]
    private partial void NotTaken(Exception fault);
}
