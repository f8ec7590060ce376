using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Tls.Tests;

/// <summary>Our client under HttpClient and bare, against our server; what it refuses.</summary>
public sealed class ClientTests(TestPki pki) : IClassFixture<TestPki>
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task HttpClient_OverOurs_WithAClientCertificate_KeepsItsConnection()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki, ClientCertificateMode.RequireCertificate));
        var handshakes = 0;
        string id = "", secret = "";
        using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
        {
            TargetHost = "localhost",
            TrustedRoots = [pki.Root],
            Certificate = pki.Client,
            Chain = [pki.Issuer],
            Connected = session =>
            {
                handshakes++;
                id = Convert.ToHexString(session.SessionId.Span);
                secret = Convert.ToHexString(session.Export("EXPORTER-test", 32));
            },
        }));
        for (var call = 0; call < 3; call++)
        {
            var answer = await http.GetStringAsync(new Uri($"https://localhost:{server.Port}/session"));
            Assert.EndsWith("certificate=CN=invoker", answer, StringComparison.Ordinal);
            Assert.Contains(" https ", answer, StringComparison.Ordinal);
        }

        Assert.Equal(1, handshakes);
        Assert.Equal("", id);
        Assert.Equal(server.Exported, secret);
    }

    [Fact]
    public async Task HttpClient_LargeBodiesBothWays()
    {
        const int Size = 20_000_000;
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        using var http = new HttpClient(OpenSslHttp.CreateHandler(Client()));
        using var content = new ByteArrayContent(RandomNumberGenerator.GetBytes(Size));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await http.PostAsync(new Uri($"https://localhost:{server.Port}/sink"), content);
        Assert.Equal($"{Size}", await answer.Content.ReadAsStringAsync());
        Assert.Equal(Size, (await http.GetByteArrayAsync(new Uri($"https://localhost:{server.Port}/source?size={Size}"))).Length);
    }

    [Fact]
    public async Task Psk_BothOfUs()
    {
        await using var server = await TestServer.StartAsync(new OpenSslServerOptions
        {
            PskLookup = identity => identity.SequenceEqual("invoker"u8) ? _key : null,
        });
        using var http = new HttpClient(OpenSslHttp.CreateHandler(Psk(_key)));
        var answer = await http.GetStringAsync(new Uri($"https://localhost:{server.Port}/session"));
        Assert.Contains("Tls13", answer, StringComparison.Ordinal);
        Assert.Contains("psk=invoker", answer, StringComparison.Ordinal);
        using var wrong = new HttpClient(OpenSslHttp.CreateHandler(Psk(RandomNumberGenerator.GetBytes(32))));
        await Assert.ThrowsAsync<HttpRequestException>(() => wrong.GetStringAsync(new Uri($"https://localhost:{server.Port}/session")));
    }

    [Fact]
    public async Task PskClient_DoesNotTakeACertificateForAnAnswer()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        await Assert.ThrowsAsync<AuthenticationException>(async () => await ConnectAsync(server.Port, Psk(_key)));
    }

    [Fact]
    public async Task ServerCertificate_OfAnotherName_Root_OrNoRoots_IsRefused()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        using var other = new TestPki();
        OpenSslClientOptions[] refused =
        [
            new() { TargetHost = "elsewhere", TrustedRoots = [pki.Root] },
            new() { TargetHost = "localhost", TrustedRoots = [other.Root] },
            new() { TargetHost = "localhost" },
        ];
        foreach (var options in refused)
            await Assert.ThrowsAsync<AuthenticationException>(async () => await ConnectAsync(server.Port, options));
    }

    [Fact]
    public async Task ApplicationProtocol_ThatTheServerDoesNotSpeak_EndsTheHandshake()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var options = new OpenSslClientOptions
        {
            TargetHost = "localhost",
            TrustedRoots = [pki.Root],
            ApplicationProtocols = [new SslApplicationProtocol("nothing")],
        };
        var fault = await Assert.ThrowsAsync<AuthenticationException>(async () => await ConnectAsync(server.Port, options));
        Assert.Contains("no application protocol", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OpenSslHttp.CreateHandler(options));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Protocols_AreThoseThatWereAskedFor(SslProtocols protocols)
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        await using var stream = await ConnectAsync(server.Port, new OpenSslClientOptions { TargetHost = "localhost", TrustedRoots = [pki.Root], Protocols = protocols });
        Assert.Equal(protocols, stream.Session.ProtocolVersion);
    }

    [Fact]
    public async Task Protocols_OutsideTheProfile_AreNone_33210_6_2_1()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
#pragma warning disable SYSLIB0039, CA5397
        foreach (var protocols in new[] { SslProtocols.None, SslProtocols.Tls11, SslProtocols.Tls11 | SslProtocols.Tls12 })
#pragma warning restore SYSLIB0039, CA5397
            await Assert.ThrowsAsync<ArgumentException>(async () => await ConnectAsync(server.Port, new OpenSslClientOptions { TargetHost = "localhost", Protocols = protocols }));
    }

    [Fact]
    public async Task ReleasedOptions_MakeNoFurtherConnections_AndOpenOnesStay()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var options = Client();
        await using var stream = await ConnectAsync(server.Port, options);
        options.Release();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ConnectAsync(server.Port, options));
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /session HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.True(await stream.ReadAsync(new byte[1_000]) > 0);
    }

    [Fact]
    public async Task ServerThatStopsWithinTheHandshake_TakesTooLong()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new OpenSslClientOptions { TargetHost = "localhost", HandshakeTimeout = TimeSpan.FromMilliseconds(200) };
        await Assert.ThrowsAsync<IOException>(async () => await ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port, options));
    }

    [Fact]
    public async Task DotNetsOwnClient_GetsASessionIdAndAnswers()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().AsSpan().SequenceEqual(pki.Server.RawData);
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
        var answer = await http.GetStringAsync(new Uri($"https://localhost:{server.Port}/session"));
        Assert.Contains("Tls12", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/2 https", answer, StringComparison.Ordinal);
        Assert.Single(server.MasterSecrets.Keys, id => id.Length == 64);
    }

    private OpenSslClientOptions Client() => new() { TargetHost = "localhost", TrustedRoots = [pki.Root] };

    private static OpenSslClientOptions Psk(byte[] key) => new()
    {
        TargetHost = "localhost",
        Psk = () => new PskCredential(Encoding.UTF8.GetBytes("invoker"), key),
    };

    private static async Task<OpenSslStream> ConnectAsync(int port, OpenSslClientOptions options)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return await OpenSslClientStream.ConnectAsync(new NetworkStream(socket, ownsSocket: true), options, default);
    }
}
