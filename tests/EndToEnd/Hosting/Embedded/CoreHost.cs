using CapifOrleans.Silo.Options;
using Microsoft.Data.Sqlite;

namespace CapifOrleans.EndToEnd.Hosting;

/// <summary>What the grain host of this build wants besides a data folder: nothing, its state lies there.</summary>
internal static class CoreHost
{
    /// <summary>What private keys are encrypted with, where it is not in the data folder.</summary>
    public static string? KeyEncryptionKey => null;

    /// <summary>The settings of a core function on this data folder.</summary>
    public static Task<Dictionary<string, string>> SettingsAsync(string folder) => Task.FromResult(new Dictionary<string, string>());

    /// <summary>Gives options the same.</summary>
    public static Task ConfigureAsync(SiloOptions options) => Task.CompletedTask;

    /// <summary>How many rows the state of this data folder has for a kind of grain; for one key unless that is null.</summary>
    public static Task<long> RowsAsync(string folder, bool reminders, string grainType, string? key)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "state.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {(reminders ? "reminders" : "state")} WHERE grain_type=$type AND ($key IS NULL OR grain_key=$key)";
        command.Parameters.AddWithValue("$type", grainType);
        command.Parameters.AddWithValue("$key", (object?)key ?? DBNull.Value);
        return Task.FromResult((long)command.ExecuteScalar()!);
    }
}
