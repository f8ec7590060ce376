using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Events;

/// <summary>
/// Posts notifications by HTTPS (29.222 5.4.2.4), or by plain HTTP where the subscriber gave such an address. A receiver's certificate must
/// chain to the system's roots, our own, or one in <c>pki/notification-issuers</c>. Addresses that may not be reached are refused after the
/// name is resolved, at each connection. 307 and 308 are followed once (29.122 5.2.10), but not from HTTPS to HTTP; nothing else is.
/// </summary>
internal sealed partial class HttpNotificationSender : INotificationSender, IDisposable
{
    private readonly HttpClient _client;
    private readonly NotificationOptions _options;
    private readonly ILogger<HttpNotificationSender> _logger;
    private readonly X509Certificate2Collection _roots;

    public HttpNotificationSender(NotificationOptions options, CertificateAuthorityStore store, ILogger<HttpNotificationSender> logger)
    {
        _options = options;
        _logger = logger;
        _roots = [store.Root, .. store.NotificationIssuers];
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // One slow receiver holds this many connections, and no more.
            MaxConnectionsPerServer = 8,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseDrainSize = 16 * 1024,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors),
                // For receivers that ask: an AEF ends authorizations upon a word that is proven only.
                LocalCertificateSelectionCallback = (_, _, _, _, _) => options.ClientCertificate?.Invoke()!,
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <inheritdoc/>
    public async Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(_options.AttemptTimeout);
        try
        {
            var (status, location) = await PostAsync(destination, json, attempt.Token);
            if (status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && location is not null)
                (status, _) = await PostAsync(location, json, attempt.Token);
            if ((int)status is >= 200 and < 300)
                return true;
            Refused(destination.Authority, (int)status);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException or SocketException or NotSupportedException)
        {
            Failed(destination.Authority, fault.GetType().Name, fault.Message);
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(HttpStatusCode Status, Uri? Location)> PostAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, destination);
        request.Content = new ReadOnlyMemoryContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (response.StatusCode, Redirection(destination, response.Headers.Location));
    }

    /// <summary>
    /// Connects to the first address that may be reached and answers. Looked at here and not when somebody subscribes: a name may lead
    /// elsewhere later.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = addresses.Where(_options.Allows).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException("The destination's address may not be reached (docs/events.md).");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Never from https to http: what was to be protected would go out in clear.
    private static Uri? Redirection(Uri from, Uri? given) =>
        given is not null && Uri.TryCreate(from, given, out var location) && (location.Scheme == Uri.UriSchemeHttps || location.Scheme == from.Scheme)
            ? location
            : null;

    private bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
            return false;
        using var ours = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        };
        ours.ChainPolicy.CustomTrustStore.AddRange(_roots);
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            ours.ChainPolicy.ExtraStore.Add(element.Certificate);
        return ours.Build(leaf);
    }

    [LoggerMessage(1, LogLevel.Information, "Notification to {Destination} was answered {Status}")]
    private partial void Refused(string destination, int status);

    [LoggerMessage(2, LogLevel.Information, "Notification to {Destination} failed: {Fault} {Message}")]
    private partial void Failed(string destination, string fault, string message);
}
