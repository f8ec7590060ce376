using CapifOrleans.Grains;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Silo.DataFolder;
using CapifOrleans.Silo.InvocationLogs;
using CapifOrleans.Silo.Options;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace CapifOrleans.Silo.Hosting;

// The default build: one process, state in SQLite.
internal sealed partial class GrainRuntime
{
    /// <summary>Whether the data folder holds everything, so that commands may work on it while nothing runs.</summary>
    public static bool KeepsStateInDataFolder => true;

    private static Task AddGrainHostAsync(HostApplicationBuilder builder, SiloOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Database is not null)
            throw new StartFailure("CAPIF_DATABASE: this build keeps its state in the data folder; remove the variable, or build for a cluster (-p:GrainHost=Orleans).");
        if (options.Role != SiloRole.All)
            throw new StartFailure("role: this build is a whole core function in one process; remove the setting, or build for a cluster (-p:GrainHost=Orleans).");
        builder.Services
            .AddSingleton<ITokenKeyChanges, OwnTokenKeyChanges>()
            .AddSingleton<IInvocationLogStore>(_ => new SqliteInvocationLogStore(Path.Combine(options.DataDirectory, DataFiles.InvocationLogs)))
            .AddEmbeddedGrainHost(grains =>
            {
                grains.DatabaseFile = Path.Combine(options.DataDirectory, DataFiles.State);
                grains.GrainAssemblies.Add(typeof(GrainServices).Assembly);
                grains.DrainTimeout = options.ShutdownTimeout;
            });
        return Task.CompletedTask;
    }
}
