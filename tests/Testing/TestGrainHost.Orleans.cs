using System.Net;
using System.Net.Sockets;
using CapifOrleans.Silo.Hosting.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace CapifOrleans.Testing;

// A silo of its own, with a PostgreSQL database of its own on the test process's server. The folder only says which.
public sealed partial class TestGrainHost
{
    internal const bool IsEmbedded = false;

    // Grains, their timers and reminders live by the test's clock; what keeps a cluster together does not.
    private static readonly string[] RealClocks =
    [
        TimeProviderNames.Messaging, TimeProviderNames.SystemTimers, TimeProviderNames.Membership, TimeProviderNames.ActivationManagement,
        TimeProviderNames.GrainDirectory,
    ];

    private string? _database;

    /// <summary>The connection string of the host's database.</summary>
    public string Database => _database!;

    /// <summary>How many rows a grain has in the database: of its state, or of its reminders.</summary>
    public long Rows(bool reminders, string grainType, string key)
    {
        using var database = NpgsqlDataSource.Create(Database);
        using var command = reminders
            ? database.CreateCommand("SELECT count(*) FROM capif_reminder WHERE grain_id = $1")
            : database.CreateCommand("SELECT count(*) FROM capif_grain_state WHERE grain_type = $2 AND grain_key = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reminders ? $"{grainType}/{key}" : key });
        if (!reminders)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grainType });
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The document that is stored of a grain's state.</summary>
    public async Task<byte[]> StoredStateAsync(string name, string key)
    {
        await using var database = NpgsqlDataSource.Create(Database);
        await using var command = database.CreateCommand("SELECT data FROM capif_grain_state WHERE name = $1 AND grain_key = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

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
        foreach (var clock in RealClocks)
            builder.Services.AddKeyedSingleton(clock, TimeProvider.System);
        // A long timeout is a test's that moves its clock under a call; calls are not timed by that clock here.
        var timeout = tuning.ResponseTimeout is { } given && given < TimeSpan.FromMinutes(1) ? given : TimeSpan.FromSeconds(30);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1]);
            silo.AddGrainState(_database);
            silo.Configure<SiloMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = timeout;
                messaging.SystemResponseTimeout = timeout;
            });
            silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = timeout);
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
