using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Frontend.Problems;
using Yarp.ReverseProxy.Forwarder;

namespace CapifOrleans.Aef.Exposure;

/// <summary>
/// Takes an invocation to the service behind and its answer back, by YARP's forwarder: bodies stream both ways, nothing is buffered whole, and
/// whoever goes away ends the other's part, too.
/// </summary>
internal sealed partial class InvocationForwarder(IHttpForwarder forwarder, InvocationTransformer transformer, ILogger<InvocationForwarder> logger) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new(StringComparer.Ordinal);

    /// <summary>Forwards to the service's own address. What it cannot do is answered: 502, 504, or nothing where nobody is there any more.</summary>
    public async Task ForwardAsync(HttpContext http, Invocation invocation)
    {
        var api = invocation.Api.Configuration;
        invocation.Destination = invocation.Api.Upstream!;
        var client = _clients.GetOrAdd(api.UpstreamRoot ?? "", static root => new HttpMessageInvoker(Handler(root)));
        await SendAsync(http, invocation, client, HttpVersion.Version11);
    }

    /// <summary>Forwards by this client.</summary>
    public async Task SendAsync(HttpContext http, Invocation invocation, HttpMessageInvoker client, Version version)
    {
        http.Features.Set(invocation);
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = TimeSpan.FromSeconds(invocation.Api.Configuration.UpstreamTimeoutSeconds),
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        var error = await forwarder.SendAsync(http, invocation.Destination, client, config, transformer, CancellationToken.None);
        if (error == ForwarderError.None)
            return;
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The API invoker went away, or was made to; the log says so (as is usual, by 499).
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : StatusCodes.Status499ClientClosedRequest;
            return;
        }

        Failed(invocation.Api.ApiName, error, http.Features.Get<IForwarderErrorFeature>()?.Exception?.Message);
        if (http.Response.HasStarted)
            return;
        var (status, cause, detail) = Describe(error, http.Features.Get<IForwarderErrorFeature>()?.Exception);
        http.Response.Clear();
        await ProblemWriter.WriteAsync(http, status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), detail, cause, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private static (int Status, string Cause, string Detail) Describe(ForwarderError error, Exception? fault) => error switch
    {
        ForwarderError.RequestTimedOut => (StatusCodes.Status504GatewayTimeout, "UPSTREAM_TIMEOUT", "The service did not answer in time."),
        ForwarderError.RequestBodyClient or ForwarderError.UpgradeRequestClient => (StatusCodes.Status400BadRequest, "REQUEST_BODY", "The request's body could not be read."),
        // A connection that cannot be made within its time is a service that does not answer in time.
        ForwarderError.Request when fault is { InnerException: TimeoutException } or TimeoutException or OperationCanceledException
            => (StatusCodes.Status504GatewayTimeout, "UPSTREAM_TIMEOUT", "The service could not be reached in time."),
        _ => (StatusCodes.Status502BadGateway, "UPSTREAM_FAILURE", "The service could not be reached, or its answer was not HTTP as it should be."),
    };

    private static SocketsHttpHandler Handler(string root)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        };
        if (root.Length == 0)
            return handler;
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(root);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new AefConfigurationException($"upstreamRoot {root}: cannot be read ({fault.Message}).", fault);
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }

    [LoggerMessage(1, LogLevel.Warning, "An invocation of {ApiName} could not be forwarded: {Error} {Reason}")]
    private partial void Failed(string apiName, ForwarderError error, string? reason);
}
