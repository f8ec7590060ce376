using System.Buffers;
using System.IO.Pipelines;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace CapifOrleans.Tls;

/// <summary>Runs the handshake of each connection, and lets the rest of the connection see plain octets.</summary>
internal sealed partial class OpenSslMiddleware(ConnectionDelegate next, OpenSslServer server, ILogger logger)
{
    internal async Task OnConnectionAsync(ConnectionContext connection)
    {
        var options = server.Options;
        var transport = connection.Transport;
        var session = server.NewSession(connection);
        await using var stream = new OpenSslStream(transport.Input, transport.Output, session, options.Time);
        if (!await TryHandshakeAsync(connection, stream, options))
            return;
        var features = new ConnectionTlsFeatures(session);
        connection.Features.Set<ITlsConnectionFeature>(features);
        connection.Features.Set<ITlsHandshakeFeature>(features);
        connection.Features.Set<ITlsApplicationProtocolFeature>(features);
        connection.Features.Set<ITlsSessionFeature>(session);
        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool ?? MemoryPool<byte>.Shared;
        var plain = new StreamDuplexPipe(stream, pool);
        connection.Transport = plain;
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            await plain.CompleteAsync();
        }
    }

    private async Task<bool> TryHandshakeAsync(ConnectionContext connection, OpenSslStream stream, OpenSslServerOptions options)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.ConnectionClosed);
        try
        {
            await stream.HandshakeAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            HandshakeAbandoned(logger, connection.ConnectionId);
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            if (stream.Inner.Fault is { } own)
                CallbackFailed(logger, own, connection.ConnectionId);
            else
                HandshakeFailed(logger, fault, connection.ConnectionId);
        }

        return false;
    }

    // What strangers do is no event of ours.
    [LoggerMessage(1, LogLevel.Debug, "The TLS handshake of connection {ConnectionId} failed")]
    private static partial void HandshakeFailed(ILogger logger, Exception fault, string connectionId);

    [LoggerMessage(2, LogLevel.Debug, "The peer of connection {ConnectionId} left the TLS handshake, or took too long for it")]
    private static partial void HandshakeAbandoned(ILogger logger, string connectionId);

    [LoggerMessage(3, LogLevel.Error, "The check of a peer's certificate or key failed by a fault of ours; connection {ConnectionId} was refused")]
    private static partial void CallbackFailed(ILogger logger, Exception fault, string connectionId);

    /// <summary>The stream as pipes, with buffers of the connection's pool.</summary>
    private sealed class StreamDuplexPipe(OpenSslStream stream, MemoryPool<byte> pool) : IDuplexPipe
    {
        // An idle connection holds no buffer: it waits by reading nothing.
        public PipeReader Input { get; } = PipeReader.Create(
            stream, new StreamPipeReaderOptions(pool, bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(pool, minimumBufferSize: 4096, leaveOpen: true));

        public async ValueTask CompleteAsync()
        {
            await Input.CompleteAsync();
            await Output.CompleteAsync();
        }
    }
}
