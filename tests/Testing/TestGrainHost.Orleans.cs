using System.Net;
using System.Net.Sockets;
using CapifOrleans.Silo.Hosting.Cluster;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace CapifOrleans.Testing;

// A silo of its own, with a PostgreSQL database of its own on the test process's server. The folder only says which.
public sealed partial class TestGrainHost
{
    internal const bool FollowsManualTime = false;
    private string? _database;

    /// <summary>The connection string of the host's database.</summary>
    public string Database => _database!;

    private async Task AbortAsync()
    {
        try
        {
            // A silo that is stopped with a cancelled token ends without saying goodbye.
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // That is what was asked for.
        }
    }

    private async Task AddGrainHostAsync(HostApplicationBuilder builder, GrainHostTuning tuning)
    {
        _database ??= await PostgresServer.DatabaseAsync(Folder);
        var ports = FreePorts(2);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1]);
            silo.AddGrainState(_database);
            silo.Configure<SiloMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = tuning.ResponseTimeout ?? messaging.ResponseTimeout;
                messaging.SystemResponseTimeout = messaging.ResponseTimeout;
            });
            silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = tuning.ResponseTimeout ?? messaging.ResponseTimeout);
            silo.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = tuning.MinimumReminderPeriod ?? reminders.MinimumReminderPeriod);
            if (tuning.DrainTimeout is { } drain)
                silo.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = drain);
        });
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
