using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CapifOrleans.EndToEnd.InvokerManagement;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Testing;

namespace CapifOrleans.EndToEnd.Cluster;

/// <summary>A cluster of real processes on loopback, with TLS between them and a database of its own.</summary>
internal sealed class ClusterScene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-cluster-");
    private readonly ConcurrentBag<CoreProcess> _processes = [];
    private string _database = "";

    /// <summary>The folder of the cluster's authority.</summary>
    public string Authority => In("authority");

    /// <summary>A path in the scene's folder.</summary>
    public string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A scene without a process yet.</summary>
    public static async Task<ClusterScene> CreateAsync()
    {
        var scene = new ClusterScene();
        scene._database = await PostgresServer.DatabaseAsync(scene._folder.FullName);
        return scene;
    }

    /// <summary>Starts a process of the cluster.</summary>
    public async Task<CoreProcess> StartAsync(string name, string role, Action<Dictionary<string, string>>? change = null)
    {
        if (!File.Exists(Path.Combine(Authority, name + ".pem")))
            await CommandAsync("cluster", "certificate", name, "--role", role, "--folder", Authority);
        var ports = FreePorts(2);
        var settings = new Dictionary<string, string>
        {
            ["CAPIF_DATA_DIR"] = In(name),
            ["CAPIF_DATABASE"] = _database,
            ["CAPIF_ROLE"] = role,
            ["CAPIF_LISTEN_ADDRESS"] = "127.0.0.1",
            ["CAPIF_CORE_PORT"] = "0",
            ["CAPIF_ENROLMENT_PORT"] = "0",
            ["CAPIF_OPERATIONS_PORT"] = "0",
            ["CAPIF_LOG_LEVEL"] = "warning",
            ["CAPIF_SILO_PORT"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["CAPIF_GATEWAY_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
            ["CAPIF_CLUSTER_CERTIFICATE"] = Path.Combine(Authority, name + ".pem"),
            ["CAPIF_CLUSTER_CERTIFICATE_KEY"] = Path.Combine(Authority, name + ".key"),
            ["CAPIF_CLUSTER_AUTHORITY"] = Path.Combine(Authority, "authority.pem"),
        };
        if (role != "frontend")
            settings["CAPIF_KEY"] = "the key of the tests of this cluster";
        change?.Invoke(settings);
        var process = await CoreProcess.ServeAsync(settings, role != "silo");
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a command that is to succeed; what it prints.</summary>
    public static async Task<string> CommandAsync(params string[] command)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        Assert.True(await CommandLine.RunAsync(command, output, error, new Dictionary<string, string>()) == ExitCodes.Done, error.ToString());
        return output.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            process.Dispose();
        await Task.Yield();
        _folder.Delete(recursive: true);
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

/// <summary>These restart the database server under everybody: nothing runs beside them.</summary>
[CollectionDefinition(nameof(ClusterCollection), DisableParallelization = true)]
public sealed class ClusterCollection;
