using System.Net;
using System.Net.Security;
using CapifOrleans.Frontend.Connections;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Frontend.Operations;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Interconnection;

/// <summary>What the interconnection listener needs to be started.</summary>
public sealed class InterconnectionListenerOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.IPv6Any, 8446);

    /// <summary>The certificate that it presents; asked for at each handshake.</summary>
    public required Func<SslStreamCertificateContext> Certificate { get; init; }

    /// <summary>The most connections at a time; further ones are closed at once.</summary>
    public long MaxConnections { get; set; } = 1_000;
}

/// <summary>
/// The interconnection listener: reference points CAPIF-6 and 6e, for the core functions of other operators and of our own. It is a web application of its
/// own, so that nothing of another listener can be reached through it.
/// </summary>
public static class InterconnectionListener
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Builds it over the host's grains, clock and logs; the caller starts and stops it.</summary>
    public static WebApplication Build(InterconnectionListenerOptions options, IServiceProvider host)
    {
        var builder = ListenerBuilder.Create(host);
        builder.Services
            .AddSingleton<ConnectionRegistry>()
            .AddSingleton<ICallerResolver, PeerResolver>()
            .AddSingleton<AuditLog>()
            .AddHostedService<FrontendRegistration>();
        var tls = new InterconnectionTls(options.Certificate);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            ListenerBuilder.ApplyLimits(kestrel, options.MaxConnections);
            var services = kestrel.ApplicationServices;
            kestrel.Listen(options.EndPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(next => connection => ConnectionTracking.TrackAsync(next, connection, services));
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = tls.OptionsAsync, HandshakeTimeout = HandshakeTimeout });
            });
        });
        var application = builder.Build();
        application.UseProblems();
        InterconnectionEndpoints.Map(application, host.GetRequiredService<TimeProvider>());
        return application;
    }
}
