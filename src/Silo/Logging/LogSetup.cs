using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Logging;

/// <summary>Which log lines there are.</summary>
internal static class LogSetup
{
    /// <summary>Adds logging as JSON lines to <paramref name="output"/>.</summary>
    public static IServiceCollection AddJsonLines(this IServiceCollection services, SiloOptions options, Stream output) =>
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(options.LogLevel);
            // Below debug the web server's own lines say nothing that the audit lines do not.
            if (options.LogLevel > LogLevel.Debug)
                logging.AddFilter("Microsoft", (LogLevel)Math.Max((int)LogLevel.Warning, (int)options.LogLevel));
            logging.Services.AddSingleton<ILoggerProvider>(
                provider => new JsonLinesLoggerProvider(output, provider.GetRequiredService<TimeProvider>()));
        });
}
