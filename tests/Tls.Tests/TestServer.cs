using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Tls.Tests;

/// <summary>
/// A real Kestrel over our TLS: <c>/session</c> tells who came and how, <c>/sink</c> counts a body, <c>/source?size=</c> sends one. Keys of
/// sessions are kept here by id, for comparison with what the other end has.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _connections;

    private TestServer(WebApplication application, OpenSslServer tls)
    {
        _application = application;
        Tls = tls;
    }

    public OpenSslServer Tls { get; }

    /// <summary>Master secrets by session id, both in hexadecimals.</summary>
    public ConcurrentDictionary<string, string> MasterSecrets { get; } = new();

    /// <summary>The exporter's answer of the last session.</summary>
    public string Exported { get; private set; } = "";

    public int Port => new Uri(_application.Urls.Single()).Port;

    /// <summary>Released once for each connection that ended after its handshake.</summary>
    public SemaphoreSlim Ended { get; } = new(0);

    /// <summary>Connections that are past their handshake.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public static OpenSslServerOptions Options(TestPki pki, ClientCertificateMode mode = ClientCertificateMode.AllowCertificate, PskLookup? psk = null) => new()
    {
        Certificate = pki.Server,
        Chain = [pki.Issuer],
        ClientCertificateMode = mode,
        Verify = pki.AcceptClient,
        PskLookup = psk,
    };

    public static async Task<TestServer> StartAsync(OpenSslServerOptions options, TimeSpan? keepAlive = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var tls = new OpenSslServer(options);
        TestServer? server = null;
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.KeepAliveTimeout = keepAlive ?? TimeSpan.FromMinutes(5);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.UseOpenSslTls(tls);
                listen.Use(next => connection => server!.TrackAsync(next, connection));
            });
        });
        var application = builder.Build();
        server = new TestServer(application, tls);
        application.MapGet("/session", server.TellAsync);
        application.MapPost("/sink", SinkAsync);
        application.MapGet("/source", SourceAsync);
        await application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TrackAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            Ended.Release();
        }
    }

    private Task TellAsync(HttpContext http)
    {
        var session = http.Features.Get<ITlsSessionFeature>()!;
        var id = Convert.ToHexString(session.SessionId.Span);
        MasterSecrets[id] = Convert.ToHexString(session.MasterSecret.Span);
        Exported = Convert.ToHexString(session.Export("EXPORTER-test", 32));
        return http.Response.WriteAsync(
            $"{session.ProtocolVersion} {session.CipherSuite} {http.Request.Protocol} {http.Request.Scheme} id={id} ems={session.IsExtendedMasterSecret} "
            + $"psk={Encoding.UTF8.GetString(session.PskIdentity.Span)} certificate={http.Connection.ClientCertificate?.Subject}");
    }

    private static async Task SinkAsync(HttpContext http)
    {
        long count = 0;
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            count += read.Buffer.Length;
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        await http.Response.WriteAsync($"{count}");
    }

    private static async Task SourceAsync(HttpContext http)
    {
        var rest = long.Parse(http.Request.Query["size"]!, System.Globalization.CultureInfo.InvariantCulture);
        http.Response.ContentLength = rest;
        var part = new byte[100_000];
        for (; rest > 0; rest -= part.Length)
            await http.Response.Body.WriteAsync(part.AsMemory(0, (int)Math.Min(rest, part.Length)), http.RequestAborted);
    }
}
