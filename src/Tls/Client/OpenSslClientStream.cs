using System.IO.Pipelines;
using System.Net;

namespace CapifOrleans.Tls;

/// <summary>TLS by OpenSSL at a client.</summary>
public static class OpenSslClientStream
{
    /// <summary>
    /// Runs the handshake over a connected stream, which is the TLS stream's from then on (also after a failure) and closed with it.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server was refused, or it refused us.</exception>
    /// <exception cref="IOException">The connection was lost, or the handshake took too long.</exception>
    public static async Task<OpenSslStream> ConnectAsync(Stream connected, OpenSslClientOptions options, CancellationToken cancellationToken)
    {
        OpenSslStream? stream = null;
        try
        {
            var name = IPAddress.TryParse(options.TargetHost, out _) ? null : options.TargetHost;
            var session = new OpenSslSession(options.Context(), name, connection: null);
            stream = new OpenSslStream(PipeReader.Create(connected), PipeWriter.Create(connected), session, options.Time, connected);
            using var timeout = new CancellationTokenSource(options.HandshakeTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await stream.HandshakeAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The TLS handshake took too long.");
            }

            options.Connected?.Invoke(session);
            return stream;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync();
            else
                await connected.DisposeAsync();
            throw;
        }
    }
}
