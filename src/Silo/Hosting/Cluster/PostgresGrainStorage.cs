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
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var command = Command("SELECT version, data FROM capif_grain_state WHERE " + OneRow, stateName, grainId);
        await using var row = await command.ExecuteReaderAsync();
        grainState.RecordExists = await row.ReadAsync();
        grainState.ETag = grainState.RecordExists ? Text(row.GetInt64(0)) : null;
        grainState.State = grainState.RecordExists
            ? serializer.Deserialize<T>(new BinaryData(row.GetFieldValue<byte[]>(1)))
            : Activator.CreateInstance<T>();
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var command = Command(
            grainState.ETag is null
                ? "INSERT INTO capif_grain_state VALUES($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING RETURNING version"
                : $"UPDATE capif_grain_state SET version = version + 1, data = $4 WHERE {OneRow} AND version = $5 RETURNING version",
            stateName, grainId);
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = serializer.Serialize(grainState.State).ToMemory() });
        AddVersion(command, grainState.ETag);
        var version = await command.ExecuteScalarAsync() ?? throw Conflict(stateName, grainId, grainState.ETag);
        grainState.ETag = Text((long)version);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is { } etag)
        {
            await using var command = Command($"DELETE FROM capif_grain_state WHERE {OneRow} AND version = $4", stateName, grainId);
            AddVersion(command, etag);
            if (await command.ExecuteNonQueryAsync() == 0)
                throw Conflict(stateName, grainId, etag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
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
