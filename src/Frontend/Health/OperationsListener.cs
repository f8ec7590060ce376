using System.Net;
using System.Text;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.OpenApi;
using CapifOrleans.Frontend.Problems;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Health;

/// <summary>What the operations listener needs to be started.</summary>
public sealed class OperationsListenerOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.Loopback, 9090);

    /// <summary>Why this core function does not serve requests now, for people; null when it does.</summary>
    public required Func<CancellationToken, Task<string?>> WhyNotReady { get; init; }
}

/// <summary>
/// The operations listener: plain HTTP for probes, on the loopback address unless the operator decides otherwise, and without access control;
/// so it tells nothing that is not public.
/// </summary>
public static class OperationsListener
{
    private static readonly byte[] Live = Encoding.ASCII.GetBytes("{\"status\":\"live\"}");
    private static readonly byte[] Ready = Encoding.ASCII.GetBytes("{\"status\":\"ready\"}");

    /// <summary>Builds it over the host's grains, clock and logs; the caller starts and stops it.</summary>
    public static WebApplication Build(OperationsListenerOptions options, IServiceProvider host)
    {
        var builder = ListenerBuilder.Create(host);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            ListenerBuilder.ApplyLimits(kestrel, maxConnections: 1_000);
            kestrel.Listen(options.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        application.UseProblems();
        application.MapGet("/health/live", (RequestDelegate)(http => AnswerAsync(http, Live)));
        application.MapGet("/health/ready", (RequestDelegate)(http => ReadyAsync(http, options)));
        OpenApiEndpoints.Map(application);
        return application;
    }

    private static async Task ReadyAsync(HttpContext http, OperationsListenerOptions options)
    {
        if (await options.WhyNotReady(http.RequestAborted) is { } reason)
            await ProblemWriter.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "Service Unavailable", reason, "NOT_READY", []);
        else
            await AnswerAsync(http, Ready);
    }

    private static Task AnswerAsync(HttpContext http, byte[] body)
    {
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return Answer.BytesAsync(http, StatusCodes.Status200OK, RequestBody.Json, body);
    }
}
