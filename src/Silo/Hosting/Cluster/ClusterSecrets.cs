using System.Text;
using CapifOrleans.Grains.Pki;
using Npgsql;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// The keys and certificates that all silos of a cluster have alike: those of the certification authority and those that sign tokens. They lie
/// in the cluster's database, each sealed under the key-encryption key (docs/pki.md) and bound to its name; each silo has a copy in its
/// data folder. Whoever changes them holds a lock of the database meanwhile, and begins with what is there.
/// </summary>
internal sealed class ClusterSecrets(NpgsqlDataSource database, PkiOptions pki)
{
    // Any number does that nobody else locks.
    private const long Lock = 0x6361706966_01;
    private const string TrustedIssuers = "trusted-issuers";
    private const string NotificationIssuers = "notification-issuers";

    // A silo's own: its listeners' certificate, and a key that is not to be where what it encrypts is.
    private static readonly string[] Own = ["server.pem", "server.key", "key-encryption-key"];

    private readonly SecretBox _box = new(pki);

    /// <summary>The version of what is in the data folder.</summary>
    public long Version { get; private set; }

    /// <summary>The version of what is in the database.</summary>
    /// <exception cref="NpgsqlException">It cannot be asked.</exception>
    public async Task<long> ReadVersionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadVersionAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Brings the data folder to what is in the database, lets <paramref name="change"/> change it, and brings the database to the result.
    /// Nobody else in the cluster does so at the same time. What was changed is durable when it returns.
    /// </summary>
    /// <exception cref="StartFailure">The key-encryption key is another, or the folder is another authority's.</exception>
    public async Task<T> ChangeAsync<T>(Func<T> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection))
            await take.ExecuteNonQueryAsync(cancellationToken);
        var stored = await ReadAsync(connection, cancellationToken);
        if (stored.Count > 0)
            WriteFolder(stored);
        Version = await ReadVersionAsync(connection, cancellationToken);
        var result = change();
        var now = ReadFolder();
        if (!Same(stored, now))
        {
            await ReplaceAsync(connection, now, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            Version++;
        }

        return result;
    }

    private static async Task<long> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT version FROM capif_secret_version", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<Dictionary<string, string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT name, sealed FROM capif_secret", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var name = rows.GetString(0);
            if (!IsName(name))
                throw new StartFailure($"database: capif_secret has a row '{name}' that no silo wrote; restore the table from a backup.");
            found[name] = Encoding.UTF8.GetString(_box.TryOpen(rows.GetString(1), Place(name)) ?? throw new StartFailure(
                "key-file: is not the key that the cluster's secrets are encrypted with; give every silo the same (docs/deploying.md)."));
        }

        return found;
    }

    private async Task ReplaceAsync(NpgsqlConnection connection, Dictionary<string, string> files, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM capif_secret"));
        foreach (var (name, text) in files)
        {
            var insert = new NpgsqlBatchCommand("INSERT INTO capif_secret VALUES($1, $2)");
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _box.Seal(Encoding.UTF8.GetBytes(text), Place(name)) });
            batch.BatchCommands.Add(insert);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE capif_secret_version SET version = version + 1"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private Dictionary<string, string> ReadFolder()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in new[] { "", TrustedIssuers, NotificationIssuers })
        {
            var path = Path.Combine(pki.Folder, folder);
            if (!Directory.Exists(path))
                continue;
            foreach (var file in Directory.EnumerateFiles(path).Where(IsShared))
                files[folder.Length == 0 ? Path.GetFileName(file) : $"{folder}/{Path.GetFileName(file)}"] = File.ReadAllText(file);
        }

        return files;
    }

    private void WriteFolder(Dictionary<string, string> files)
    {
        Directory.CreateDirectory(pki.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var issuing = Path.Combine(pki.Folder, "issuing.pem");
        if (File.Exists(issuing) && File.ReadAllText(issuing) != files.GetValueOrDefault("issuing.pem"))
        {
            throw new StartFailure(
                $"{issuing}: is another authority's than the cluster's; empty {pki.Folder}, or correct --data-dir or CAPIF_DATABASE (docs/deploying.md).");
        }

        foreach (var (name, text) in files)
        {
            var path = Path.Combine(pki.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || File.ReadAllText(path) != text)
                SecretFile.Write(path, text);
        }

        // Keys that were forgotten, and issuers that are trusted no longer.
        foreach (var name in ReadFolder().Keys.Except(files.Keys))
            File.Delete(Path.Combine(pki.Folder, name));
    }

    private static bool IsShared(string path)
    {
        var name = Path.GetFileName(path);
        return !Own.Contains(name) && (name.EndsWith(".pem", StringComparison.Ordinal) || name.EndsWith(".key", StringComparison.Ordinal)
            || name.EndsWith(".json", StringComparison.Ordinal));
    }

    // Names of files in the folder and its two folders, and nothing that leads out of them.
    private static bool IsName(string name)
    {
        var parts = name.Split('/');
        return parts[^1] is not ("" or "." or "..") && !Own.Contains(name)
            && (parts.Length == 1 || (parts.Length == 2 && parts[0] is TrustedIssuers or NotificationIssuers));
    }

    private static bool Same(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);

    private static string Place(string name) => "cluster secret " + name;
}
