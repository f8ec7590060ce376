using CapifOrleans.Testing;
using Npgsql;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>What somebody else does to stored notes while a grain has them in memory.</summary>
internal static class StateTampering
{
    /// <summary>Writes this text to all notes, or deletes them.</summary>
    public static Task OverwriteAsync(TestGrainHost host, string? text) => ExecuteAsync(
        host,
        text is null
            ? "DELETE FROM capif_grain_state"
            : $"UPDATE capif_grain_state SET version = version + 1, data = convert_to('{{\"Text\":\"{text}\"}}', 'UTF8')");

    /// <summary>Copies the notes of one grain to another, which has none.</summary>
    public static Task CopyAsync(TestGrainHost host, string from, string to) => ExecuteAsync(
        host,
        $"INSERT INTO capif_grain_state SELECT '{to}', grain_type, name, version, data FROM capif_grain_state WHERE grain_key = '{from}'");

    private static async Task ExecuteAsync(TestGrainHost host, string sql)
    {
        await using var database = NpgsqlDataSource.Create(host.Database);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
