using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Tls.Tests;

/// <summary>Peers that stop, reset, send garbage or renegotiate: their connection ends, others are served, nothing hangs.</summary>
public sealed class HostilePeerTests(TestPki pki) : IClassFixture<TestPki>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET /session HTTP/1.1\r\nHost: localhost\r\n\r\n");

    [Fact]
    public async Task StopsWithinTheHandshake_IsCutOff()
    {
        await using var server = await StartAsync();
        using var socket = await DialAsync(server);
        // The beginning of a record that would be a ClientHello.
        await socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1 });
        Assert.Equal(0, await socket.ReceiveAsync(new byte[10]).WaitAsync(Patience));
        await ServesAsync(server);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task Garbage_IsCutOff(int octets)
    {
        await using var server = await StartAsync();
        using var socket = await DialAsync(server);
        await socket.SendAsync(RandomNumberGenerator.GetBytes(octets));
        await EndsAsync(socket);
        await ServesAsync(server);
    }

    [Fact]
    public async Task GarbageAfterTheHandshake_EndsTheConnection()
    {
        await using var server = await StartAsync();
        var (socket, stream) = await ConnectAsync(server);
        await socket.SendAsync(RandomNumberGenerator.GetBytes(1_000));
        Assert.True(await server.Ended.WaitAsync(Patience));
        await stream.DisposeAsync();
        await ServesAsync(server);
    }

    [Fact]
    public async Task StopsWithinARecord_AndCloses_EndsTheConnection()
    {
        await using var server = await StartAsync();
        var (socket, stream) = await ConnectAsync(server);
        await socket.SendAsync(new byte[] { 23, 3, 3, 1, 0, 9, 9, 9 });
        socket.Shutdown(SocketShutdown.Send);
        Assert.True(await server.Ended.WaitAsync(Patience));
        await stream.DisposeAsync();
        await ServesAsync(server);
    }

    [Fact]
    public async Task StopsWithinARecord_AndStays_IsCutOffInTheEnd()
    {
        await using var server = await StartAsync(keepAlive: TimeSpan.FromSeconds(2));
        var (socket, stream) = await ConnectAsync(server);
        await socket.SendAsync(new byte[] { 23, 3, 3, 1, 0, 9, 9, 9 });
        Assert.True(await server.Ended.WaitAsync(Patience));
        await stream.DisposeAsync();
        await ServesAsync(server);
    }

    [Fact]
    public async Task HalfClosed_EndsTheConnection()
    {
        await using var server = await StartAsync();
        var (socket, stream) = await ConnectAsync(server);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /source?size=200000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        // close_notify, and then the end of what TCP brings.
        stream.Inner.Shutdown();
        await stream.WriteAsync(default);
        socket.Shutdown(SocketShutdown.Send);
        // Whether the answer still comes is Kestrel's choice, who takes it for a client that is gone.
        Assert.True(await server.Ended.WaitAsync(Patience));
        await stream.DisposeAsync();
        await ServesAsync(server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServerThatSendsGarbageOrResets_IsAFaultToTheClient(bool resets)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serve = ServeAsync();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint);
        var options = new OpenSslClientOptions { TargetHost = "localhost", TrustedRoots = [pki.Root], HandshakeTimeout = TimeSpan.FromSeconds(60) };
        var fault = await Record.ExceptionAsync(() => OpenSslClientStream.ConnectAsync(new NetworkStream(socket, ownsSocket: true), options, default));
        Assert.True(fault is IOException or System.Security.Authentication.AuthenticationException, fault?.ToString());
        await serve;

        async Task ServeAsync()
        {
            using var peer = await listener.AcceptSocketAsync();
            await peer.ReceiveAsync(new byte[1_000]);
            if (resets)
                peer.LingerState = new LingerOption(true, 0);
            else
                await peer.SendAsync(RandomNumberGenerator.GetBytes(1_000));
        }
    }

    [Fact]
    public async Task Reset_EndsTheConnection()
    {
        await using var server = await StartAsync();
        var (socket, _) = await ConnectAsync(server);
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        Assert.True(await server.Ended.WaitAsync(Patience));
        await ServesAsync(server);
    }

    [Fact]
    public async Task Renegotiation_IsRefused()
    {
        await using var server = await StartAsync();
        var (_, output) = await Command.OpenSslAsync($"s_client -connect 127.0.0.1:{server.Port} -CAfile {pki.RootFile} -tls1_2", "R\n");
        Assert.Contains("RENEGOTIATING", output, StringComparison.Ordinal);
        Assert.Contains("no renegotiation", output, StringComparison.OrdinalIgnoreCase);
        await ServesAsync(server);
    }

    [Fact]
    public async Task FiveHundredConnectionsAtOnce_AreServed()
    {
        await using var server = await StartAsync(TimeSpan.FromSeconds(60));
        var connected = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => ConnectAsync(server)));
        var answers = await Task.WhenAll(connected.Select(async one =>
        {
            await one.Stream.WriteAsync(Request);
            var buffer = new byte[4_096];
            return Encoding.ASCII.GetString(buffer, 0, await one.Stream.ReadAsync(buffer));
        }));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal));
        Assert.Equal(500, server.Connections);
        await Task.WhenAll(connected.Select(one => one.Stream.DisposeAsync().AsTask()));
        for (var ended = 0; ended < 500; ended++)
            Assert.True(await server.Ended.WaitAsync(Patience));
    }

    private Task<TestServer> StartAsync(TimeSpan? handshake = null, TimeSpan? keepAlive = null) => TestServer.StartAsync(new OpenSslServerOptions
    {
        Certificate = pki.Server,
        Chain = [pki.Issuer],
        // Long enough for an honest handshake on a busy machine; some tests wait until it is over.
        HandshakeTimeout = handshake ?? TimeSpan.FromSeconds(4),
    }, keepAlive);

    private static async Task<Socket> DialAsync(TestServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        return socket;
    }

    private async Task<(Socket Socket, OpenSslStream Stream)> ConnectAsync(TestServer server)
    {
        var socket = await DialAsync(server);
        var options = new OpenSslClientOptions { TargetHost = "localhost", TrustedRoots = [pki.Root], HandshakeTimeout = TimeSpan.FromSeconds(60) };
        return (socket, await OpenSslClientStream.ConnectAsync(new NetworkStream(socket, ownsSocket: true), options, default));
    }

    /// <summary>Closed or reset; perhaps an alert before it.</summary>
    private static async Task EndsAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[100]).WaitAsync(Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: what it sent was not even read.
        }
    }

    private async Task ServesAsync(TestServer server)
    {
        var (_, stream) = await ConnectAsync(server);
        await stream.WriteAsync(Request);
        var buffer = new byte[4_096];
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)), StringComparison.Ordinal);
        await stream.DisposeAsync();
    }
}
