using System.Net;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Silo.Hosting.Cluster;
using CapifOrleans.Silo.Options;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using SiloOptions = CapifOrleans.Silo.Options.SiloOptions;

namespace CapifOrleans.Silo.Hosting;

// The Orleans build: a silo or a client of a cluster; membership, state, reminders and secrets in PostgreSQL.
internal sealed partial class GrainRuntime
{
    /// <summary>Whether the data folder holds everything, so that commands may work on it while nothing runs.</summary>
    public static bool KeepsStateInDataFolder => false;

    private static async Task AddGrainHostAsync(HostApplicationBuilder builder, SiloOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Database is not { } database)
            throw new StartFailure("CAPIF_DATABASE: is not set; give the connection string of the cluster's PostgreSQL database.");
        var tls = ClusterTls.Of(options, time);
        if (options.Role == SiloRole.Frontend)
        {
            await ClusterDatabase.UseAsync(database.Text, source => DatabaseSchema.CheckAsync(source, cancellationToken));
            builder.UseOrleansClient(client => Configure(client, options, database.Text, tls));
            return;
        }

        var pki = PkiOptions(options);
        if (pki.KeyEncryptionKey is null)
        {
            throw new StartFailure(
                "key-file: is not given; all silos of a cluster need the same key for the secrets in its database, kept elsewhere: openssl rand -base64 32.");
        }

        await ClusterDatabase.UseAsync(database.Text, source => PrepareAsync(source, pki, time, cancellationToken));
        builder.Services
            .AddSingleton<IInvocationLogStore, PostgresInvocationLogStore>()
            .AddSingleton<ClusterSecrets>()
            .AddSingleton<ITokenKeyChanges, ClusterTokenKeyChanges>()
            .AddHostedService<SecretsWatch>();
        builder.UseOrleans(silo => Configure(silo, options, database.Text, tls));
    }

    private static async Task PrepareAsync(Npgsql.NpgsqlDataSource database, PkiOptions pki, TimeProvider time, CancellationToken cancellationToken)
    {
        await DatabaseSchema.CheckAsync(database, cancellationToken);
        // The first silo of a cluster makes its authority; every other one, and every later start, has it from the database.
        await new ClusterSecrets(database, pki).ChangeAsync(
            () =>
            {
                PkiServices.Prepare(pki, time);
                return true;
            },
            cancellationToken);
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options, string database, ClusterTls? tls)
    {
        var address = options.SiloAddress;
        silo.Configure<ClusterOptions>(cluster => Name(cluster, options));
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
        silo.AddFailureSettings();
        silo.AddOutgoingGrainCallFilter<RepeatedCalls>();
        if (tls is not null)
            silo.Configure<SiloConnectionOptions>(tls.Apply);
    }

    private static void Configure(IClientBuilder client, SiloOptions options, string database, ClusterTls? tls)
    {
        client.Configure<ClusterOptions>(cluster => Name(cluster, options));
        client.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = ClusterState.Provider;
            clustering.ConnectionString = database;
        });
        client.AddFailureSettings();
        client.AddOutgoingGrainCallFilter<RepeatedCalls>();
        if (tls is not null)
            client.Configure<ClientConnectionOptions>(tls.Apply);
    }

    private static void Name(ClusterOptions cluster, SiloOptions options)
    {
        cluster.ClusterId = options.ClusterId;
        cluster.ServiceId = options.ClusterId;
    }
}
