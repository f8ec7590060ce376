using CapifOrleans.Grains.Storage;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>Where a silo keeps what must outlive it. The tests' silos use the same.</summary>
internal static class ClusterState
{
    /// <summary>The name under which Orleans' ADO.NET providers know Npgsql.</summary>
    public const string Provider = "Npgsql";

    /// <summary>Grain state and reminders in this database. State is written by the serializer that the grains' services name.</summary>
    public static ISiloBuilder AddGrainState(this ISiloBuilder silo, string connectionString)
    {
        // A call may find its activation ending more than once in a row; Orleans' own bound is two.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxForwardCount = 10);
        silo.Services.AddSingleton(_ => ClusterDatabase.Open(connectionString));
        silo.Services.AddGrainStorage(GrainStorage.Name, (services, _) => new PostgresGrainStorage(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<IGrainStorageSerializer>()));
        return silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = Provider;
            reminders.ConnectionString = connectionString;
        });
    }
}
