using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Demo;

/// <summary>The AEF's end of event notifications (29.222 5.4.2.4): takes them on loopback and acknowledges each with 204.</summary>
internal sealed class NotificationReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<JsonNode> _received = Channel.CreateBounded<JsonNode>(100);

    private NotificationReceiver(WebApplication application) => _application = application;

    /// <summary>Where notifications go.</summary>
    public Uri Destination { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts it on a free port.</summary>
    public static async Task<NotificationReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new NotificationReceiver(builder.Build());
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync(cancellationToken);
        var address = receiver._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Destination = new Uri(new Uri(address), "/notifications");
        return receiver;
    }

    /// <summary>The next notification.</summary>
    public async Task<JsonNode> NextAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        try
        {
            return await _received.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailure($"a notification arrives within {within.TotalSeconds:F0} s");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        if (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) is { } notification)
            await _received.Writer.WriteAsync(notification, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
