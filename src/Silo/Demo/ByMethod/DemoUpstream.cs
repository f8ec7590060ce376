using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Demo.ByMethod;

/// <summary>The service behind the demonstration's AEF: <c>/echo</c> sends back what it gets, <c>/wait</c> begins an answer that never ends.</summary>
internal sealed class DemoUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DemoUpstream(WebApplication application) => _application = application;

    /// <summary>Its address.</summary>
    public Uri Address => new(_application.Urls.Single());

    /// <summary>The header fields of what it got, the newest last.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = new();

    /// <summary>Starts it on a free port of loopback.</summary>
    public static async Task<DemoUpstream> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var upstream = new DemoUpstream(builder.Build());
        ((IApplicationBuilder)upstream._application).Run(upstream.AnswerAsync);
        await upstream._application.StartAsync(cancellationToken);
        return upstream;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // An answer that never ends is not waited for.
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue(http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        switch (http.Request.Path.Value)
        {
            case "/service/v1/echo":
                await http.Request.Body.CopyToAsync(http.Response.Body, http.RequestAborted);
                break;
            case "/service/v1/wait":
                await http.Response.WriteAsync("and then", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
