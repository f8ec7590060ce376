using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>The API invoker's own site: notifications are posted to it, and browsers come back to it.</summary>
internal sealed class ClientSite : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<JsonNode> _received = Channel.CreateUnbounded<JsonNode>();

    private ClientSite(WebApplication application) => _application = application;

    public Uri Destination => new(new Uri(_application.Urls.Single()), "/notifications");

    public static async Task<ClientSite> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var site = new ClientSite(builder.Build());
        site._application.Run(site.AnswerAsync);
        await site._application.StartAsync();
        return site;
    }

    /// <summary>The next notification.</summary>
    public async Task<JsonNode> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            await _received.Writer.WriteAsync((await JsonNode.ParseAsync(http.Request.Body))!);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync("<!doctype html><title>Back</title>");
    }
}
