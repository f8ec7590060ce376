using System.Net.Security;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Frontend.Security;
using CapifOrleans.Frontend.Tls;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>
/// The enrolment listener: what 33.122 6.1 step 1 leaves to the operator. Server-authenticated TLS, no client certificates, and a web
/// application of its own, so that nothing of another listener can be reached through it.
/// </summary>
public static class EnrolmentListener
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Builds it over the host's grains, clock and logs; the caller starts and stops it.</summary>
    public static WebApplication Build(EnrolmentListenerOptions options, IServiceProvider host)
    {
        var builder = ListenerBuilder.Create(host);
        builder.Services
            .AddSingleton(options)
            .AddSingleton<AddressLimiter>()
            .AddSingleton<EnrolmentAudit>()
            .AddSingleton<AccountGate>();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        application.UseProblems();
        LogInEndpoints.Map(application);
        AccountEndpoints.Map(application);
        AuthorizationEndpoint.Map(application);
        OwnerPages.Map(application);
        return application;
    }

    private static void Configure(KestrelServerOptions kestrel, EnrolmentListenerOptions options)
    {
        ListenerBuilder.ApplyLimits(kestrel, options.MaxConnections);
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        var applicationProtocols = TlsProfile.ApplicationProtocols;
        kestrel.Listen(options.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = options.ServerCertificate.Current,
                    EnabledSslProtocols = TlsProfile.Protocols,
                    CipherSuitesPolicy = TlsProfile.CipherSuites,
                    ApplicationProtocols = applicationProtocols,
                    AllowRenegotiation = false,
                    AllowTlsResume = false,
                }),
            });
        });
    }
}
