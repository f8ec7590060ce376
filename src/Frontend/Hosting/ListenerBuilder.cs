using System.Diagnostics.Metrics;
using CapifOrleans.Compatibility;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>What all listeners have in common: nothing but Kestrel and routing, over the host's grains, clock and logs.</summary>
public static class ListenerBuilder
{
    /// <summary>An empty web application builder that shares the host's services.</summary>
    public static WebApplicationBuilder Create(IServiceProvider host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services
            .AddRoutingCore()
            .AddSingleton(host.GetRequiredService<ILoggerFactory>())
            .AddSingleton(host.GetRequiredService<TimeProvider>())
            .AddSingleton(host.GetRequiredService<IMeterFactory>())
            .AddSingleton(host.GetRequiredService<CompatibilityProfile>())
            .AddSingleton(host.GetRequiredService<IClusterClient>());
        return builder;
    }

    /// <summary>Bounds that hold on every listener: a slow or silent peer gives its connection up.</summary>
    public static void ApplyLimits(KestrelServerOptions kestrel, long maxConnections)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = maxConnections;
        // ProblemsMiddleware refuses what is longer than a request needs to be; what is longer than this has no answer that says why.
        limits.MaxRequestLineSize = 32 * 1024;
        limits.MaxRequestBodySize = 4 * 1024 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
