using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CapifOrleans.Silo.Options;
using CapifOrleans.Testing;
using Npgsql;

namespace CapifOrleans.EndToEnd.Hosting;

/// <summary>
/// What the grain host of this build wants besides a data folder: a database of its own for each folder, and the same ports at each start,
/// since a silo that comes back at its address takes the place of the one that died there.
/// </summary>
internal static class CoreHost
{
    private static readonly ConcurrentDictionary<string, (int Silo, int Gateway)> Ports = new(StringComparer.Ordinal);

    /// <summary>What private keys are encrypted with, where it is not in the data folder.</summary>
    public static string? KeyEncryptionKey => "the key of the tests of this cluster";

    /// <summary>The settings of a core function on this data folder.</summary>
    public static async Task<Dictionary<string, string>> SettingsAsync(string folder)
    {
        var (silo, gateway) = Ports.GetOrAdd(folder, _ => InheritedPorts() ?? FreePorts());
        return new Dictionary<string, string>
        {
            ["CAPIF_DATABASE"] = await PostgresServer.DatabaseAsync(folder),
            ["CAPIF_KEY"] = KeyEncryptionKey!,
            ["CAPIF_SILO_PORT"] = silo.ToString(CultureInfo.InvariantCulture),
            ["CAPIF_GATEWAY_PORT"] = gateway.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Gives options the same.</summary>
    public static async Task ConfigureAsync(SiloOptions options)
    {
        var settings = await SettingsAsync(options.DataDirectory);
        options.Database = new Secret(settings["CAPIF_DATABASE"]);
        options.Key = new Secret(settings["CAPIF_KEY"]);
        options.SiloPort = int.Parse(settings["CAPIF_SILO_PORT"], CultureInfo.InvariantCulture);
        options.GatewayPort = int.Parse(settings["CAPIF_GATEWAY_PORT"], CultureInfo.InvariantCulture);
    }

    /// <summary>How many rows the state of this data folder's database has for a kind of grain; for one key unless that is null.</summary>
    public static async Task<long> RowsAsync(string folder, bool reminders, string grainType, string? key)
    {
        await using var database = NpgsqlDataSource.Create(await PostgresServer.DatabaseAsync(folder));
        await using var command = database.CreateCommand(reminders
            ? "SELECT count(*) FROM capif_reminder WHERE grain_id LIKE $1 || '/' || coalesce($2, '%')"
            : "SELECT count(*) FROM capif_grain_state WHERE grain_type = $1 AND grain_key = coalesce($2, grain_key)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grainType });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // A process that a test starts takes those that it was given.
    private static (int Silo, int Gateway)? InheritedPorts() =>
        Environment.GetEnvironmentVariable("CAPIF_SILO_PORT") is { } silo && Environment.GetEnvironmentVariable("CAPIF_GATEWAY_PORT") is { } gateway
            ? (int.Parse(silo, CultureInfo.InvariantCulture), int.Parse(gateway, CultureInfo.InvariantCulture))
            : null;

    private static (int Silo, int Gateway) FreePorts()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        other.Start();
        return (((IPEndPoint)one.LocalEndpoint).Port, ((IPEndPoint)other.LocalEndpoint).Port);
    }
}
