using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Starts and stops the embedded grain host with the application.</summary>
internal sealed class EmbeddedGrainHost(
    GrainCatalog catalog, ReminderService reminders, SqliteDatabase database, EmbeddedGrainHostOptions options) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Start();
        reminders.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        reminders.Dispose();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.DrainTimeout);
        await catalog.StopAsync(bound.Token);
        await database.DisposeAsync();
    }

    /// <summary>Ends as a killed process would: what was not committed is lost, and nobody is told. For tests.</summary>
    internal async Task AbortAsync()
    {
        reminders.Dispose();
        catalog.Dispose();
        await database.AbortAsync();
    }
}

/// <summary>Registers the embedded grain host.</summary>
public static class EmbeddedGrainHostExtensions
{
    /// <summary>
    /// Adds the embedded grain host. The application supplies an <see cref="IGrainStorageSerializer"/>; a <see cref="TimeProvider"/> is the
    /// system's unless it supplies one.
    /// </summary>
    public static IServiceCollection AddEmbeddedGrainHost(this IServiceCollection services, Action<EmbeddedGrainHostOptions> configure)
    {
        var options = new EmbeddedGrainHostOptions();
        configure(options);
        services.AddMetrics();
        services.AddLogging();
        if (!services.Any(one => one.ServiceType == typeof(TimeProvider)))
            services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(_ => new GrainClasses(options.GrainAssemblies));
        services.AddSingleton<HostMeter>();
        services.AddSingleton(provider =>
            new SqliteDatabase(options.DatabaseFile, SqliteGrainStorage.Schema) { Committed = provider.GetRequiredService<HostMeter>().Committed });
        services.AddSingleton<IGrainStorage, SqliteGrainStorage>();
        services.AddSingleton<GrainCatalog>();
        services.AddSingleton<ReminderService>();
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<GrainCatalog>().Factory);
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<GrainCatalog>().Factory);
        services.AddSingleton<EmbeddedGrainHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedGrainHost>());
        return services;
    }
}
