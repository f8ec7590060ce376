using CapifOrleans.Silo.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CapifOrleans.Silo.Telemetry;

/// <summary>Sends traces and meters to an OpenTelemetry collector. Without an endpoint nothing listens to them, and they cost nothing.</summary>
internal sealed class OpenTelemetryExport : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _meters;

    private OpenTelemetryExport(TracerProvider traces, MeterProvider meters)
    {
        _traces = traces;
        _meters = meters;
    }

    /// <summary>Starts it; null where no endpoint is configured.</summary>
    public static OpenTelemetryExport? Start(SiloOptions options)
    {
        if (options.OtlpEndpoint is not { } endpoint)
            return null;
        var resource = ResourceBuilder.CreateDefault().AddService("capif-core-function", serviceVersion: ProgramVersion.Text);
        var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "CapifOrleans.*")
            .AddOtlpExporter(exporter => Configure(exporter, endpoint))
            .Build();
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "CapifOrleans.*")
            .AddOtlpExporter(exporter => Configure(exporter, endpoint))
            .Build();
        return new OpenTelemetryExport(traces, meters);
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
    }

    private static void Configure(OtlpExporterOptions exporter, Uri endpoint)
    {
        exporter.Endpoint = endpoint;
        exporter.Protocol = OtlpExportProtocol.Grpc;
    }
}
