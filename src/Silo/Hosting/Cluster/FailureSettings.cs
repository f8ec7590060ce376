using Orleans.Configuration;
using Orleans.Hosting;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>How fast a cluster notices that a part of it is gone (docs/deploying.md explains each).</summary>
internal static class FailureSettings
{
    /// <summary>How long a call waits for its answer: longer than a silo's death takes to be noticed, and its grains to begin elsewhere.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The same for a frontend without a silo.</summary>
    public static readonly TimeSpan FrontendResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Settings of a silo.</summary>
    public static void AddFailureSettings(this ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A silo that died is out of the cluster within about three seconds: three probes of one second, and two others that agree.
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            // Members tell each other of changes; where that fails, the table is read this often.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            // Where all died at once, and come back at other addresses, the rows of the dead hold up nobody for longer than fifteen seconds.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.NumMissedTableIAmAliveLimit = 3;
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
    }

    /// <summary>Settings of a frontend without a silo.</summary>
    public static void AddFailureSettings(this IClientBuilder client)
    {
        // What a gateway forwarded to a silo that died is never answered: it is given up, and made again where it may be (RepeatedCalls).
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = FrontendResponseTimeout);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
        // It may start before any silo does: it waits for one, until it is told to stop.
        client.UseConnectionRetryFilter(async (_, cancellationToken) =>
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        });
    }
}
