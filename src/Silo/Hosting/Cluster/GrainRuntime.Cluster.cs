using System.Net;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Silo.Hosting.Cluster;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using SiloOptions = CapifOrleans.Silo.Options.SiloOptions;

namespace CapifOrleans.Silo.Hosting;

// The Orleans build: a silo of a cluster; membership, state and reminders in PostgreSQL.
internal sealed partial class GrainRuntime
{
    /// <summary>Whether the data folder holds everything, so that commands may work on it while nothing runs.</summary>
    public static bool KeepsStateInDataFolder => false;

    private static async Task AddGrainHostAsync(HostApplicationBuilder builder, SiloOptions options, CancellationToken cancellationToken)
    {
        if (options.Database is not { } database)
            throw new StartFailure("CAPIF_DATABASE: is not set; give the connection string of the cluster's PostgreSQL database.");
        await ClusterDatabase.UseAsync(database.Text, source => DatabaseSchema.CheckAsync(source, cancellationToken));
        builder.Services.AddSingleton<IInvocationLogStore, PostgresInvocationLogStore>();
        builder.UseOrleans(silo => Configure(silo, options, database.Text));
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options, string database)
    {
        var address = options.SiloAddress;
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.ClusterId;
            cluster.ServiceId = options.ClusterId;
        });
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = address;
            endpoints.SiloPort = options.SiloPort;
            endpoints.GatewayPort = options.GatewayPort;
            endpoints.SiloListeningEndpoint = new IPEndPoint(address, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(address, options.GatewayPort);
        });
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = ClusterState.Provider;
            clustering.ConnectionString = database;
        });
        silo.AddGrainState(database);
        // A silo that died is out of the cluster within about three seconds: three probes of one second, and two others that agree.
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            // Where all died at once, and come back at other addresses, the rows of the dead hold up nobody for longer than fifteen seconds.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.NumMissedTableIAmAliveLimit = 3;
        });
    }
}
