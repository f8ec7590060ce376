using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>One connection with the statements that it has prepared; for one thread at a time.</summary>
public sealed class SqliteSession : IDisposable
{
    // Texts put together from parts may be very many.
    private const int MaxPrepared = 256;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    internal SqliteSession(string connectionString, bool isWriter)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA busy_timeout=10000");
        Execute("PRAGMA foreign_keys=ON");
        // Pages that are written again and again reach the file once for many commits: a checkpoint each 32 MB of log, not each 4.
        Execute("PRAGMA wal_autocheckpoint=8192");
        // In KiB. There may be several readers.
        Execute(isWriter ? "PRAGMA cache_size=-16384" : "PRAGMA cache_size=-4096");
    }

    /// <summary>Runs a statement; the result is the number of rows that it changed. Parameters are <c>$0</c>, <c>$1</c>, ….</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a query and reads its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>Runs a query for one value; null where there is no row, or the value is null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteScalar() is var value and not DBNull ? value : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _prepared.Clear();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count >= MaxPrepared)
                Forget();
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is always a constant of ours: values go through parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var index = 0; index < parameters.Length; index++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + index });
            _prepared.Add(sql, command);
        }

        for (var index = 0; index < parameters.Length; index++)
            command.Parameters[index].Value = parameters[index] ?? DBNull.Value;
        return command;
    }
}

/// <summary>A database's tables: one list of statements a version, each run once, in order.</summary>
public sealed class SqliteSchema(params string[] versions)
{
    /// <summary>Takes the database to the newest version.</summary>
    internal void Apply(SqliteSession session, string file)
    {
        var version = Convert.ToInt32(session.Scalar("PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (version > versions.Length)
            throw new IOException($"{file} has version {version}; this program knows up to {versions.Length}. Use the newer program.");
        for (; version < versions.Length; version++)
        {
            session.Execute("BEGIN IMMEDIATE");
            session.Execute(versions[version]);
            session.Execute($"PRAGMA user_version={version + 1}");
            session.Execute("COMMIT");
        }
    }
}
