using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CapifOrleans.Silo.Tests.Hosting;

public class OpenTelemetryTests
{
    [Fact]
    public async Task TracesAndMeters_ReachTheCollector()
    {
        var received = Channel.CreateUnbounded<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var collector = builder.Build();
        collector.Map("/{service}/Export", (RequestDelegate)(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            received.Writer.TryWrite((string)http.Request.RouteValues["service"]!);
            http.Response.ContentType = "application/grpc";
            http.Response.AppendTrailer("grpc-status", "0");
            await http.Response.Body.WriteAsync(new byte[5]);
        }));
        await collector.StartAsync();

        var core = await RunningCore.StartAsync(options => options.OtlpEndpoint = new Uri(collector.Urls.Single()));
        using (var http = new HttpClient { BaseAddress = core.Function.Operations })
            await http.GetStringAsync(new Uri("health/ready", UriKind.Relative));
        // Whatever is left is sent when it stops.
        await core.DisposeAsync();

        received.Writer.Complete();
        var services = new HashSet<string>();
        await foreach (var service in received.Reader.ReadAllAsync())
            services.Add(service);
        Assert.Superset(
            new HashSet<string>
            {
                "opentelemetry.proto.collector.trace.v1.TraceService",
                "opentelemetry.proto.collector.metrics.v1.MetricsService",
            },
            services);
    }
}
