using System.Globalization;
using Npgsql;
using Orleans.Runtime;
using Orleans.Storage;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// Grain state in PostgreSQL. It stands in for Orleans' own ADO.NET storage, which knows a row by the state's name and by a key that it first
/// tries to read as a GUID or a hexadecimal number: "a" and "0a", or an identifier in capital letters, would share a row there, and so
/// would two kinds of grain that give their states one name.
/// </summary>
internal sealed class PostgresGrainStorage(NpgsqlDataSource database, IGrainStorageSerializer serializer) : IGrainStorage
{
    private const string OneRow = "grain_key = $1 AND grain_type = $2 AND name = $3";

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => DatabaseFaults.PassAsync(async _ =>
    {
        await using var command = Command("SELECT version, data FROM capif_grain_state WHERE " + OneRow, stateName, grainId);
        await using var row = await command.ExecuteReaderAsync();
        grainState.RecordExists = await row.ReadAsync();
        grainState.ETag = grainState.RecordExists ? Text(row.GetInt64(0)) : null;
        grainState.State = grainState.RecordExists
            ? serializer.Deserialize<T>(new BinaryData(row.GetFieldValue<byte[]>(1)))
            : Activator.CreateInstance<T>();
        return true;
    });

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var data = serializer.Serialize(grainState.State).ToMemory();
        var etag = grainState.ETag;
        var version = await KnownAsync(stateName, grainId, etag, again => WriteAsync(stateName, grainId, etag, data, again));
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is { } etag)
            await KnownAsync(stateName, grainId, etag, again => DeleteAsync(stateName, grainId, etag, again));
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task<long> WriteAsync(string stateName, GrainId grainId, string? etag, ReadOnlyMemory<byte> data, bool again)
    {
        await using var command = Command(
            etag is null
                ? "INSERT INTO capif_grain_state VALUES($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING RETURNING version"
                : $"UPDATE capif_grain_state SET version = version + 1, data = $4 WHERE {OneRow} AND version = $5 RETURNING version",
            stateName, grainId);
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = data });
        AddVersion(command, etag);
        if (await command.ExecuteScalarAsync() is long version)
            return version;
        // The connection may have been lost after the commit: then the row is what was to be written, by the next version.
        var mine = etag is null ? 1 : long.Parse(etag, CultureInfo.InvariantCulture) + 1;
        return again && await IsStoredAsync(stateName, grainId, mine, data) ? mine : throw Conflict(stateName, grainId, etag);
    }

    private async Task<long> DeleteAsync(string stateName, GrainId grainId, string etag, bool again)
    {
        await using var command = Command($"DELETE FROM capif_grain_state WHERE {OneRow} AND version = $4", stateName, grainId);
        AddVersion(command, etag);
        return await command.ExecuteNonQueryAsync() == 1 || (again && !await ExistsAsync(stateName, grainId)) ? 0 : throw Conflict(stateName, grainId, etag);
    }

    private async Task<bool> IsStoredAsync(string stateName, GrainId grainId, long version, ReadOnlyMemory<byte> data)
    {
        await using var command = Command($"SELECT 1 FROM capif_grain_state WHERE {OneRow} AND version = $4 AND data = $5", stateName, grainId);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = data });
        return await command.ExecuteScalarAsync() is not null;
    }

    private async Task<bool> ExistsAsync(string stateName, GrainId grainId)
    {
        await using var command = Command($"SELECT 1 FROM capif_grain_state WHERE {OneRow}", stateName, grainId);
        return await command.ExecuteScalarAsync() is not null;
    }

    /// <summary>A change whose end is known: where it stays unknown, the activation must read anew, as after somebody else's write.</summary>
    private static async Task<long> KnownAsync(string stateName, GrainId grainId, string? etag, Func<bool, Task<long>> change)
    {
        try
        {
            return await DatabaseFaults.PassAsync(change);
        }
        catch (NpgsqlException fault)
        {
            throw new InconsistentStateException(
                $"Whether the state {stateName} of {grainId} was written is not known: the database does not answer.", storedEtag: "unknown", currentEtag: etag ?? "none", fault);
        }
    }

    private NpgsqlCommand Command(string sql, string stateName, GrainId grainId)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grainId.Key.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grainId.Type.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stateName });
        return command;
    }

    private static void AddVersion(NpgsqlCommand command, string? etag)
    {
        if (etag is not null)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = long.Parse(etag, CultureInfo.InvariantCulture) });
    }

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? etag) => new(
        $"The state {stateName} of {grainId} was written by somebody else.", storedEtag: "unknown", currentEtag: etag ?? "none");

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
