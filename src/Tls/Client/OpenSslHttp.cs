using System.Net.Security;
using System.Net.Sockets;

namespace CapifOrleans.Tls;

/// <summary>
/// HTTPS by OpenSSL under <see cref="HttpClient"/>. SocketsHttpHandler lays a TLS of its own over whatever a connect callback returns for
/// an https address, unless it is an <see cref="SslStream"/>; so it is given one that is one in name only. The addresses stay https, with
/// all that hangs on it; the price is HTTP/1.1, since that class keeps the application protocol to itself.
/// </summary>
public static class OpenSslHttp
{
    /// <summary>
    /// A handler whose https connections are ours, all to <see cref="OpenSslClientOptions.TargetHost"/> whatever an address says. Its owner
    /// may set what else it has, but not its TLS.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    /// <exception cref="ArgumentException">The options offer something other than HTTP/1.1.</exception>
    public static SocketsHttpHandler CreateHandler(OpenSslClientOptions options)
    {
        OpenSslLibrary.Require();
        if (options.ApplicationProtocols.Any(one => one != SslApplicationProtocol.Http11))
            throw new ArgumentException("Only HTTP/1.1 can be spoken here.", nameof(options));
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var stream = await DialAsync(context, cancellationToken);
                if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
                    return stream;
                return new FacadeStream(await OpenSslClientStream.ConnectAsync(stream, options, cancellationToken));
            },
        };
    }

    private static async ValueTask<NetworkStream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // Without delay: the last flight of a TLS 1.3 handshake and the first request would wait for each other.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An SslStream in name only: everything goes to ours.</summary>
    private sealed class FacadeStream(OpenSslStream stream) : SslStream(stream, leaveInnerStreamOpen: true)
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool IsAuthenticated => true;

        public override bool IsEncrypted => true;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            stream.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            stream.ReadAsync(buffer, offset, count, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            stream.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            stream.WriteAsync(buffer, offset, count, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
            // Every write is sent off by itself.
        }

        public override async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
