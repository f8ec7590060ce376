using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace CapifOrleans.Testing;

public sealed partial class TestGrainHost
{
    internal const bool IsEmbedded = true;

    /// <summary>How many rows a grain has in the database: of its state, or of its reminders.</summary>
    public long Rows(bool reminders, string grainType, string key)
    {
        using var connection = OpenState();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {(reminders ? "reminders" : "state")} WHERE grain_type=$type AND grain_key=$key";
        command.Parameters.AddWithValue("$type", grainType);
        command.Parameters.AddWithValue("$key", key);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The document that is stored of a grain's state.</summary>
    public async Task<byte[]> StoredStateAsync(string name, string key)
    {
        await using var connection = OpenState();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT data FROM state WHERE name=$name AND grain_key=$key";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$key", key);
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    private SqliteConnection OpenState()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "state.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    private Task AbortAsync() => Services.GetRequiredService<EmbeddedGrainHost>().AbortAsync();

    private Task AddGrainHostAsync(HostApplicationBuilder builder, GrainHostTuning tuning)
    {
        builder.Services.AddEmbeddedGrainHost(options =>
        {
            options.DatabaseFile = Path.Combine(Folder, "state.db");
            foreach (var assembly in _options.GrainAssemblies)
                options.GrainAssemblies.Add(assembly);
            options.ResponseTimeout = tuning.ResponseTimeout ?? options.ResponseTimeout;
            options.MaxActivations = tuning.MaxActivations ?? options.MaxActivations;
            options.MinimumReminderPeriod = tuning.MinimumReminderPeriod ?? options.MinimumReminderPeriod;
            options.DrainTimeout = tuning.DrainTimeout ?? options.DrainTimeout;
        });
        return Task.CompletedTask;
    }
}
