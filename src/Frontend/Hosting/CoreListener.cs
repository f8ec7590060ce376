using CapifOrleans.Frontend.Connections;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Tls;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>
/// The core listener: reference points CAPIF-1, 1e, 3, 4 and 5 on one port. It is a web application of its own, so that nothing of another
/// listener can be reached through it.
/// </summary>
public static class CoreListener
{
    // A handshake that takes longer is a peer that stopped in the middle of it.
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Builds it over the host's grains, clock and logs; the caller starts and stops it.</summary>
    public static WebApplication Build(CoreListenerOptions options, IServiceProvider host)
    {
        var builder = ListenerBuilder.Create(host);
        builder.Services
            .AddSingleton(options)
            .AddSingleton<ConnectionRegistry>()
            .AddSingleton<ICallerResolver, CallerResolver>()
            .AddSingleton<AuditLog>()
            .AddHostedService<FrontendRegistration>();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        application.UseProblems();
        // For notifications; a client that stopped answering pings is gone.
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        CoreEndpoints.Map(application, options);
        return application;
    }

    private static void Configure(KestrelServerOptions kestrel, CoreListenerOptions options)
    {
        ListenerBuilder.ApplyLimits(kestrel, options.MaxConnections);
        var services = kestrel.ApplicationServices;
        kestrel.Listen(options.EndPoint, listen =>
        {
            // HTTP/1.1 and HTTP/2, as ALPN chooses, are Kestrel's default. Said in so many words, it would warn that there is no TLS and so no
            // HTTP/2: it knows of no TLS but its own, although it goes by what ours tells of the handshake.
            listen.Use(next => connection => ConnectionTracking.TrackAsync(next, connection, services));
            if (options.Tls == TlsStack.OpenSsl)
                listen.UseOpenSslTls(CoreOpenSsl.Create(options.ServerCertificate, options.ClientCertificates, HandshakeTimeout));
            else
                listen.UseHttps(DotNetTls(options));
        });
    }

    private static TlsHandshakeCallbackOptions DotNetTls(CoreListenerOptions options) => new()
    {
        OnConnection = new CoreTls(options.ServerCertificate, options.ClientCertificates).OptionsAsync,
        HandshakeTimeout = HandshakeTimeout,
    };
}
