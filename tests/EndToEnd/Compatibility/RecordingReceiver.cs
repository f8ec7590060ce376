using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>A notification destination (plain HTTP, as OpenCAPIF's mock server): keeps what comes, by path.</summary>
internal sealed class RecordingReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Dictionary<string, Channel<JsonNode>> _received = [];

    private RecordingReceiver(WebApplication application) => _application = application;

    private Uri Address { get; set; } = new("http://localhost/");

    public static async Task<RecordingReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new RecordingReceiver(builder.Build());
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync();
        receiver.Address = new Uri(receiver._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return receiver;
    }

    /// <summary>A destination that nobody else has.</summary>
    public (string Destination, ChannelReader<JsonNode> Received) Open()
    {
        var path = "/testing/" + Guid.NewGuid().ToString("N");
        var channel = Channel.CreateUnbounded<JsonNode>();
        lock (_received)
            _received.Add(path, channel);
        return (new Uri(Address, path).ToString(), channel.Reader);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        Channel<JsonNode>? channel;
        lock (_received)
            channel = _received.GetValueOrDefault(http.Request.Path.Value!);
        if (channel is not null)
            await channel.Writer.WriteAsync(body, http.RequestAborted);
        http.Response.StatusCode = channel is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
    }
}
