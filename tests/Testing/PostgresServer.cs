using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CapifOrleans.Silo.Hosting.Cluster;
using Npgsql;

namespace CapifOrleans.Testing;

/// <summary>
/// The test process's PostgreSQL server: started at its first use, on loopback, in a temporary folder, as a user that is not root; it ends with
/// the process. Each test has a database of its own, copied from one that holds the product's tables.
/// </summary>
public static class PostgresServer
{
    private const string Template = "capif_template";
    private const string Inherited = "TEST_POSTGRES_PORT";
    private const string Unprivileged = "postgres";
    private static readonly Lazy<Task<int>> Port = new(StartAsync);
    private static readonly SemaphoreSlim Copying = new(1);
    private static string? _folder;

    /// <summary>The connection string of the database that belongs to this key; made where there is none.</summary>
    public static async Task<string> DatabaseAsync(string key)
    {
        var name = "t_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)))[..24];
        var port = await Port.Value;
        await Copying.WaitAsync();
        try
        {
            await using var server = NpgsqlDataSource.Create(ConnectionString(port, "postgres"));
            await using var exists = server.CreateCommand($"SELECT count(*) FROM pg_database WHERE datname = '{name}'");
            if (await exists.ExecuteScalarAsync() is 0L)
            {
                await using var create = server.CreateCommand($"CREATE DATABASE {name} TEMPLATE {Template}");
                await create.ExecuteNonQueryAsync();
            }
        }
        finally
        {
            Copying.Release();
        }

        return ConnectionString(port, name);
    }

    /// <summary>Stops the server as an operator would, and starts it again; every connection is lost.</summary>
    public static async Task RestartAsync()
    {
        await Port.Value;
        await RunAsync([.. AsUser(), Binary("pg_ctl"), "-D", Path.Combine(_folder!, "data"), "-w", "-m", "fast", "-l", Path.Combine(_folder!, "log"), "restart"]);
    }

    private static async Task<int> StartAsync()
    {
        // A process that a test starts uses the server of its parent.
        if (int.TryParse(Environment.GetEnvironmentVariable(Inherited), CultureInfo.InvariantCulture, out var running))
            return running;
        _folder = Directory.CreateTempSubdirectory("capif-postgres-").FullName;
        var data = Path.Combine(_folder, "data");
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", Unprivileged, _folder);
        await RunAsync([.. AsUser(), Binary("initdb"), "-D", data, "-U", "capif", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]);
        var port = FreePort();
        // Durability is the server's own affair; what is tested here is what it was told before a process died.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(data);
        await RunAsync(
        [
            .. AsUser(), Binary("pg_ctl"), "-D", data, "-w", "-l", Path.Combine(_folder, "log"), "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -k '{_folder}' -c fsync=off -c max_connections=400"), "start",
        ]);
        await using (var server = NpgsqlDataSource.Create(ConnectionString(port, "postgres")))
        {
            await using var create = server.CreateCommand($"CREATE DATABASE {Template}");
            await create.ExecuteNonQueryAsync();
        }

        await using var template = NpgsqlDataSource.Create(ConnectionString(port, Template) + ";Pooling=false");
        await DatabaseSchema.UpgradeAsync(template, dryRun: false, CancellationToken.None);
        Environment.SetEnvironmentVariable(Inherited, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    private static void Stop(string data)
    {
        RunAsync([.. AsUser(), Binary("pg_ctl"), "-D", data, "-m", "immediate", "stop"]).GetAwaiter().GetResult();
        Directory.Delete(_folder!, recursive: true);
    }

    private static string ConnectionString(int port, string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=capif;Database={database};Maximum Pool Size=8;Include Error Detail=true");

    private static string[] AsUser() => Environment.IsPrivilegedProcess ? ["runuser", "-u", Unprivileged, "--"] : [];

    private static string Binary(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists) ?? name
            : name;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}
