using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapifOrleans.Tls;

/// <summary>Puts TLS by OpenSSL onto a listener of Kestrel's, where <c>UseHttps</c> would put .NET's.</summary>
public static class OpenSslListenOptionsExtensions
{
    /// <summary>
    /// Serves TLS with these options. Kestrel's own log still calls the address http; requests see https. What the connection's session is
    /// known by is its feature <see cref="ITlsSessionFeature"/>.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    public static OpenSslServer UseOpenSslTls(this ListenOptions listen, OpenSslServerOptions options)
    {
        var server = new OpenSslServer(options);
        listen.UseOpenSslTls(server);
        return server;
    }

    /// <summary>Serves TLS with a server that may be shared, and whose certificate may be replaced while it runs.</summary>
    public static ListenOptions UseOpenSslTls(this ListenOptions listen, OpenSslServer server)
    {
        var logger = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<OpenSslMiddleware>();
        listen.Use(next => new OpenSslMiddleware(next, server, logger).OnConnectionAsync);
        return listen;
    }
}
