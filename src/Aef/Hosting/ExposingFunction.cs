using System.Net;
using System.Net.Sockets;
using CapifOrleans.AccessControl;
using CapifOrleans.Aef.AccessControl;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.Events;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Logging;
using CapifOrleans.Aef.Security;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Aef.Hosting;

/// <summary>
/// An API exposing function (TS 23.222 6.3.4): one TLS port, CAPIF-2/2e, that takes all three security methods of 33.122 6.5.2 and stands
/// before the HTTP services of an API provider.
/// </summary>
public sealed class ExposingFunction : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ExposingFunction(WebApplication application)
    {
        _application = application;
        Port = new Uri(application.Urls.Single()).Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Octets of invocation logs that wait for the core function.</summary>
    public long WaitingLogOctets => _application.Services.GetRequiredService<InvocationLogSpool>().Octets;

    internal IServiceProvider Services => _application.Services;

    /// <summary>Starts it; it serves when this returns.</summary>
    /// <exception cref="AefConfigurationException">A file of the configuration cannot be used.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    /// <exception cref="IOException">The port is another's.</exception>
    public static async Task<ExposingFunction> StartAsync(AefOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        AddServices(builder.Services, options, loggers);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        try
        {
            var requests = application.Services.GetRequiredService<AefRequests>();
            ((IApplicationBuilder)application).Run(requests.HandleAsync);
            await application.StartAsync(cancellationToken);
            return new ExposingFunction(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops: requests under way get until the token says so.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void AddServices(IServiceCollection services, AefOptions options, ILoggerFactory loggers)
    {
        var (configuration, time) = (options.Configuration, options.Time);
        var refresh = TimeSpan.FromSeconds(configuration.RefreshSeconds);
        var coreRoot = options.CoreRootPem is { } pem
            // Its own issuers are most likely the core function's, which may send no more than its certificate.
            ? TrustBundle.Read(string.Join('\n', options.Identity.Chain.Select(issuer => issuer.ExportCertificatePem()).Prepend(pem)))
            : null;
        services.AddHttpForwarder();
        services
            .AddSingleton(loggers)
            .AddSingleton(time)
            .AddMetrics()
            .AddSingleton(configuration)
            .AddSingleton(options.Identity)
            .AddSingleton(options.Core)
            .AddSingleton(new ServiceApis(configuration, options.Identity))
            .AddSingleton(new AccessControlEnforcement(time))
            .AddSingleton(new InvokerConnections())
            .AddSingleton(new CoreFunctionPeers(coreRoot, options.CoreHost, time))
            .AddSingleton(_ => Revocations.Open(configuration.Folder, time))
            .AddSingleton(of => InvocationLogSpool.OpenFolder(configuration, time, of.GetRequiredService<ILogger<InvocationLogSpool>>()))
            .AddSingleton(of => new TokenKeys(options.Core, time, refresh, of.GetRequiredService<ILogger<TokenKeys>>()))
            .AddSingleton(of => new PolicyCache(options.Core, time, refresh, of.GetRequiredService<ILogger<PolicyCache>>()))
            .AddSingleton(of => new InvokerSecurityCache(
                options.Core, of.GetRequiredService<TokenKeys>(), time, refresh, of.GetRequiredService<ILogger<InvokerSecurityCache>>()))
            .AddSingleton<AccessTokenVerifier>()
            .AddSingleton<AuthorizationEnd>()
            .AddSingleton<InvocationAuthorizer>()
            .AddSingleton<InvocationTransformer>()
            .AddSingleton<InvocationForwarder>()
            .AddSingleton<InvocationHandler>()
            .AddSingleton<AefSecurityEndpoints>()
            .AddSingleton<NotificationEndpoint>()
            .AddSingleton<AefRequests>()
            .AddHostedService<InvocationLogSender>();
    }

    private static void Configure(KestrelServerOptions kestrel, AefOptions options)
    {
        var configuration = options.Configuration;
        ListenerBuilder.ApplyLimits(kestrel, configuration.MaxConnections);
        // Bodies stream; a service API has its own bound.
        kestrel.Limits.MaxRequestBodySize = null;
        // Addresses are compared as they came.
        kestrel.AllowHostHeaderOverride = false;
        var services = kestrel.ApplicationServices;
        kestrel.Listen(EndPoint(configuration.Listen), listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            var tls = new OpenSslServer(TlsOptions(options, services.GetRequiredService<InvokerSecurityCache>()));
            options.TlsReady?.Invoke(tls);
            listen.UseOpenSslTls(tls);
            var connections = new ConnectionStart(services.GetRequiredService<InvokerSecurityCache>(), services.GetRequiredService<InvokerConnections>());
            listen.Use(connections.Begin);
        });
    }

    private static OpenSslServerOptions TlsOptions(AefOptions options, InvokerSecurityCache security)
    {
        var (certificate, chain) = options.ServerCertificate is { } given ? (given, options.ServerChain)
            : options.Configuration.Certificate is { } files ? AefIdentity.ReadCertificate(files.File, files.Key)
            : (options.Identity.Certificate, options.Identity.Chain);
        return new OpenSslServerOptions
        {
            Certificate = certificate,
            Chain = chain,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            // Which root counts is the API invoker's matter (33.122 6.5.2.2), and the core function may have to be asked for it: each request
            // looks at the certificate before anything is done for it.
            Verify = PresentedChain.Keep,
            PskLookup = security.FindPsk,
            Time = options.Time,
        };
    }

    private static IPEndPoint EndPoint(ListenAddress listen) =>
        new(listen.Address is { } address ? IPAddress.Parse(address) : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, listen.Port);
}
