using System.IO.Pipelines;

namespace CapifOrleans.Tls.Tests;

/// <summary>Our client and our server, with nothing but memory between them: at most 64 KB each way.</summary>
internal sealed class MemoryPair : IAsyncDisposable
{
    private static readonly PipeOptions Bounded = new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    private MemoryPair(OpenSslStream client, OpenSslStream server, Pipe up, Pipe down)
    {
        Client = client;
        Server = server;
        Up = up;
        Down = down;
    }

    public OpenSslStream Client { get; }

    public OpenSslStream Server { get; }

    /// <summary>What goes from client to server, encrypted.</summary>
    public Pipe Up { get; }

    /// <summary>And back.</summary>
    public Pipe Down { get; }

    public static async Task<MemoryPair> ConnectAsync(OpenSslServer tls, OpenSslClientOptions options)
    {
        Pipe up = new(Bounded), down = new(Bounded);
        var server = new OpenSslStream(up.Reader, down.Writer, tls.NewSession(null), TimeProvider.System);
        var client = new OpenSslStream(
            down.Reader, up.Writer, new OpenSslSession(options.Context(), options.TargetHost, connection: null), TimeProvider.System);
        await Task.WhenAll(server.HandshakeAsync(default), client.HandshakeAsync(default));
        return new MemoryPair(client, server, up, down);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
