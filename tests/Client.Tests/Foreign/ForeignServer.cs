using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Tls;
using CapifOrleans.Tls.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Client.Tests.Foreign;

/// <summary>A request as it came.</summary>
public sealed record SeenRequest(
    string Method, string Path, string Query, string Body, string? Authorization, string? ClientCertificate, string PskIdentity, SslProtocols Protocol, string Connection)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>Kestrel over our TLS that keeps what came, and answers by one method of whoever inherits.</summary>
public abstract class ForeignServer : IAsyncDisposable
{
    private WebApplication _application = null!;

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>Answers in place of the server, where it returns true.</summary>
    public Func<HttpContext, SeenRequest, Task<bool>>? Instead { get; set; }

    public int Port => new Uri(_application.Urls.Single()).Port;

    public Uri Address => new($"https://localhost:{Port}/");

    public IEnumerable<SeenRequest> To(string pathEnd) => Requests.Where(one => one.Path.EndsWith(pathEnd, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task StartAsync(TestPki pki, PskLookup? psk)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOpenSslTls(new OpenSslServerOptions
        {
            Certificate = pki.Server,
            Chain = [pki.Issuer],
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            Verify = pki.AcceptClient,
            PskLookup = psk,
        })));
        _application = builder.Build();
        _application.Run(ServeAsync);
        await _application.StartAsync();
    }

    protected abstract Task AnswerAsync(HttpContext http, SeenRequest request);

    protected static ITlsSessionFeature Session(HttpContext http) => http.Features.Get<ITlsSessionFeature>()!;

    public static Task JsonAsync(HttpContext http, int status, JsonNode body, string type = "application/json")
    {
        var octets = Encoding.UTF8.GetBytes(body.ToJsonString());
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = octets.Length;
        return http.Response.Body.WriteAsync(octets).AsTask();
    }

    public static Task ProblemAsync(HttpContext http, int status, string? cause) => JsonAsync(
        http, status, new JsonObject { ["title"] = "No", ["status"] = status, ["cause"] = cause }, "application/problem+json");

    private async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var session = Session(http);
        var request = new SeenRequest(
            http.Request.Method, http.Request.Path, http.Request.QueryString.ToString(), await reader.ReadToEndAsync(), http.Request.Headers.Authorization,
            http.Connection.ClientCertificate?.Subject, Encoding.UTF8.GetString(session.PskIdentity.Span), session.ProtocolVersion, http.Connection.Id);
        Requests.Enqueue(request);
        if (Instead is { } instead && await instead(http, request))
            return;
        await AnswerAsync(http, request);
    }
}
