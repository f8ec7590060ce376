using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps grain state in SQLite: a row a state, with a version that a writer must know.</summary>
internal sealed class SqliteGrainStorage(SqliteDatabase database, IGrainStorageSerializer serializer) : IGrainStorage
{
    /// <summary>The tables of state and reminders.</summary>
    public static SqliteSchema Schema { get; } = new(
        """
        CREATE TABLE state(
            grain_type TEXT NOT NULL, grain_key TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY(grain_type, grain_key, name));
        CREATE TABLE reminders(
            grain_type TEXT NOT NULL, grain_key TEXT NOT NULL, name TEXT NOT NULL, start_at INTEGER NOT NULL, period INTEGER NOT NULL,
            PRIMARY KEY(grain_type, grain_key, name)) WITHOUT ROWID;
        """);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = database.Read(session => session.Query(
            "SELECT version, data FROM state WHERE grain_type=$0 AND grain_key=$1 AND name=$2",
            static row => (Version: row.GetInt64(0), Data: row.GetFieldValue<byte[]>(1)), grainId.Type, grainId.Key, stateName));
        grainState.RecordExists = found.Count > 0;
        grainState.ETag = found.Count > 0 ? Text(found[0].Version) : null;
        grainState.State = found.Count > 0 ? serializer.Deserialize<T>(new BinaryData(found[0].Data))! : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Serialized here, in the grain's turn: nothing can change the state meanwhile.
        var data = serializer.Serialize(grainState.State).ToArray();
        var known = grainState.ETag;
        var version = known is null ? 1 : long.Parse(known, CultureInfo.InvariantCulture) + 1;
        var changed = await database.WriteOneAsync(session => known is null
            ? session.Execute("INSERT OR IGNORE INTO state VALUES($0,$1,$2,$3,$4)", grainId.Type, grainId.Key, stateName, version, data)
            : session.Execute(
                "UPDATE state SET version=$3, data=$4 WHERE grain_type=$0 AND grain_key=$1 AND name=$2 AND version=$3-1",
                grainId.Type, grainId.Key, stateName, version, data));
        if (changed != 1)
            throw Conflict(stateName, grainId, known);
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is { } known)
        {
            var version = long.Parse(known, CultureInfo.InvariantCulture);
            var changed = await database.WriteOneAsync(session => session.Execute(
                "DELETE FROM state WHERE grain_type=$0 AND grain_key=$1 AND name=$2 AND version=$3", grainId.Type, grainId.Key, stateName, version));
            if (changed != 1)
                throw Conflict(stateName, grainId, known);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private InconsistentStateException Conflict(string stateName, GrainId grainId, string? known)
    {
        var stored = database.Read(session => session.Scalar(
            "SELECT version FROM state WHERE grain_type=$0 AND grain_key=$1 AND name=$2", grainId.Type, grainId.Key, stateName));
        return new InconsistentStateException(
            $"The state {stateName} of a {grainId.Type} grain was written by somebody else.", stored is long version ? Text(version) : "none", known ?? "none");
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
