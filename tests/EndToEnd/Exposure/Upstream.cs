using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>The HTTP service behind an AEF: tells what it was asked, and does what a test wants of it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private Upstream(WebApplication application) => _application = application;

    /// <summary>Its address.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What it was asked, the newest last.</summary>
    public ConcurrentQueue<UpstreamRequest> Requests { get; } = new();

    /// <summary>What it answers where the path's last segment is this.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Answers { get; } = new(StringComparer.Ordinal);

    public static async Task<Upstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var upstream = new Upstream(builder.Build());
        ((IApplicationBuilder)upstream._application).Run(upstream.HandleAsync);
        await upstream._application.StartAsync();
        upstream.Address = new Uri(upstream._application.Urls.Single());
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private Task HandleAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(new UpstreamRequest(
            http.Request.Method, target, http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var path = http.Request.Path.Value!;
        return Answers.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var answer)
            ? answer(http)
            : http.Response.WriteAsync($"{http.Request.Method} {target}");
    }
}

/// <summary>A request as the service saw it.</summary>
internal sealed record UpstreamRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
