using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace CapifOrleans.Tls;

/// <summary>
/// TLS over a pair of pipes. One may read while another writes; there is no task of its own. What it holds is bounded: at most 32 KB are
/// taken in before they are read, and a write is sent off before the next part of it is encrypted, so a peer that does not read stops the
/// writer. What the protocol itself wants to send while somebody reads goes out with it.
/// </summary>
public sealed partial class OpenSslStream : Stream
{
    private const int MostFed = 32 * 1024;
    private const int MostWritten = 32 * 1024;
    private const int MostPending = 64 * 1024;

    // A peer that takes nothing more is not waited for to say goodbye.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly OpenSslSession _session;
    private readonly TimeProvider _time;
    private readonly Stream? _owned;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _disposed;

    internal OpenSslStream(PipeReader input, PipeWriter output, OpenSslSession session, TimeProvider time, Stream? owned = null)
    {
        _input = input;
        _output = output;
        _session = session;
        _time = time;
        _owned = owned;
    }

    /// <summary>The session.</summary>
    public ITlsSessionFeature Session => _session;

    internal OpenSslSession Inner => _session;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var step = _session.Read(buffer.Span, out var count);
            if (_session.Pending > 0)
                await SendPendingAsync(cancellationToken);
            switch (step)
            {
                case TlsStep.Done:
                    return count;
                case TlsStep.Ended:
                    return 0;
                case TlsStep.Failed:
                    throw Broken();
            }

            if (await FeedAsync(cancellationToken))
                continue;
            // The end without close_notify. HTTP's own framing shows a server that something is missing; a client may take what it got for all.
            if (!_session.Context.IsServer || _session.IsWithinRecord())
                throw new IOException("The peer closed the connection without ending the TLS session.");
            return 0;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            while (!buffer.IsEmpty)
            {
                var part = buffer[..Math.Min(buffer.Length, MostWritten)];
                if (_session.Write(part.Span) != TlsStep.Done)
                    throw Broken();
                buffer = buffer[part.Length..];
                await FlushOutputAsync(cancellationToken);
            }
        }
        finally
        {
            _writing.Release();
        }

        // A reader that came meanwhile left it to us.
        if (_session.Pending > 0)
            await SendPendingAsync(cancellationToken);
    }

    /// <summary>Runs the handshake.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It failed, at this end or the other.</exception>
    /// <exception cref="IOException">The peer went away.</exception>
    internal async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = _session.Handshake();
            // Also after a failure: the peer is told why.
            if (_session.Pending > 0)
                await SendPendingAsync(cancellationToken);
            if (step is TlsStep.Done)
                return;
            if (step is not TlsStep.NeedsInput)
                throw _session.Failure();
            if (!await FeedAsync(cancellationToken))
                throw new IOException("The peer closed the connection within the handshake.");
        }
    }

    /// <summary>Takes in some of what came; false at the end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FeedAsync(CancellationToken cancellationToken)
    {
        var read = await _input.ReadAsync(cancellationToken);
        if (read.IsCanceled)
            throw new OperationCanceledException("The connection's input was given up.");
        var part = read.Buffer.Length > MostFed ? read.Buffer.Slice(0, MostFed) : read.Buffer;
        foreach (var segment in part)
            _session.Feed(segment.Span);
        _input.AdvanceTo(part.End);
        return !part.IsEmpty || !read.IsCompleted;
    }

    /// <summary>
    /// Sends what the protocol wants sent. If somebody writes, it is left to them, so that a reader never waits for a writer whose peer waits
    /// for the reader; unless too much has gathered.
    /// </summary>
    private async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        while (_session.Pending > 0)
        {
            if (_session.Pending > MostPending)
                await _writing.WaitAsync(cancellationToken);
            else if (!await _writing.WaitAsync(0, cancellationToken))
                return;
            try
            {
                await FlushOutputAsync(cancellationToken);
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    private async ValueTask FlushOutputAsync(CancellationToken cancellationToken)
    {
        while (_session.Pending > 0)
            _output.Advance(_session.Take(_output.GetSpan()));
        var flushed = await _output.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
            throw new IOException("The connection is closed.");
        if (flushed.IsCanceled)
            throw new OperationCanceledException("The connection's output was given up.");
    }

    private IOException Broken() => new($"The TLS session is broken: {_session.Reason}.", _session.Fault);
}
