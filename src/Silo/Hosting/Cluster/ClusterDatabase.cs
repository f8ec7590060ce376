using Npgsql;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>The cluster's database, as the operator named it.</summary>
internal static class ClusterDatabase
{
    // A silo that reads many grains at once must not take all the connections of a server (PostgreSQL's own bound is 100) from the others.
    private const int Connections = 20;

    /// <summary>A pool of connections for grain state and tables: at most 20, unless the connection string says how many.</summary>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // The builder knows every key; what was given is what it would write.
        if (!settings.ConnectionString.Contains("Maximum Pool Size", StringComparison.OrdinalIgnoreCase))
            settings.MaxPoolSize = Connections;
        // Whoever waits for a connection gives up with the call that needs it.
        settings.Timeout = Math.Max(settings.Timeout, 30);
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Lets <paramref name="use"/> use it.</summary>
    /// <exception cref="StartFailure">It cannot be used; the message does not repeat the connection string, which may hold a password.</exception>
    public static async Task UseAsync(string connectionString, Func<NpgsqlDataSource, Task> use)
    {
        try
        {
            await using var database = Open(connectionString);
            await use(database);
        }
        catch (ArgumentException fault)
        {
            throw new StartFailure("CAPIF_DATABASE: is no connection string; give one as Host=db.example;Database=capif;Username=capif;Password=...", fault);
        }
        catch (NpgsqlException fault)
        {
            throw new StartFailure($"CAPIF_DATABASE: the database cannot be used ({fault.Message}).", fault);
        }
    }
}
