using System.Reflection;
using Npgsql;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// The cluster's tables in PostgreSQL: a list of scripts, of which a database holds the first so many. A script is applied whole or not at
/// all, and never again.
/// </summary>
internal static class DatabaseSchema
{
    private const string VersionTable =
        "CREATE TABLE IF NOT EXISTS capif_schema(version integer PRIMARY KEY, script text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

    // Any number does that nobody else locks: silos that start at once must not apply a script twice.
    private const long Lock = 0x6361706966;

    /// <summary>The scripts, in order; the version of a database is how many it has.</summary>
    public static IReadOnlyList<string> Scripts { get; } =
    [
        .. typeof(DatabaseSchema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Cluster.Scripts.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The version that this program wants.</summary>
    public static int Version => Scripts.Count;

    /// <summary>The version of a database; 0 for one without our tables.</summary>
    /// <exception cref="NpgsqlException">It cannot be asked.</exception>
    public static async Task<int> ReadVersionAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadVersionAsync(connection, cancellationToken);
    }

    /// <summary>Applies what a database lacks, and says which scripts those were.</summary>
    /// <exception cref="StartFailure">The database is of a newer program.</exception>
    /// <exception cref="NpgsqlException">It cannot be changed; it is as it was.</exception>
    public static async Task<IReadOnlyList<string>> UpgradeAsync(NpgsqlDataSource database, bool dryRun, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        var version = await ReadVersionAsync(connection, cancellationToken);
        if (version > Version)
            throw TooNew(version);
        var missing = Scripts.Skip(version).ToList();
        if (dryRun || missing.Count == 0)
            return missing;
        await ExecuteAsync(connection, VersionTable, cancellationToken);
        foreach (var script in missing)
        {
            await ExecuteAsync(connection, await ReadAsync(script, cancellationToken), cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO capif_schema VALUES({++version}, '{script}')", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing;
    }

    /// <summary>Refuses a database that is not of this program's version.</summary>
    /// <exception cref="StartFailure">It is older, newer or empty.</exception>
    public static async Task CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var version = await ReadVersionAsync(database, cancellationToken);
        if (version > Version)
            throw TooNew(version);
        if (version < Version)
        {
            throw new StartFailure(version == 0
                ? "database: has none of our tables; make them with: capif database init."
                : $"database: has version {version}, this program wants {Version}; bring it up with: capif database upgrade.");
        }
    }

    private static StartFailure TooNew(int version) =>
        new($"database: has version {version}, this program knows up to {Version}; start the newer program.");

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('capif_schema') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            return 0;
        await using var version = new NpgsqlCommand("SELECT COALESCE(max(version), 0) FROM capif_schema", connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> ReadAsync(string script, CancellationToken cancellationToken)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(script)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
