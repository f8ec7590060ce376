using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>Onboards many invokers: each over a TLS session of its own, since the core function ends it after the answer (33.122 B.1).</summary>
internal static class Onboarding
{
    public static async Task<(Measured Measured, int Onboarded)> RunAsync(DemoRun run, int server, int clients, int count)
    {
        // Keys first: making them is the invokers' work, not the core function's.
        var requests = new ConcurrentQueue<byte[]>();
        Parallel.For(0, count, _ => requests.Enqueue(Request(run)));
        var latencies = new ConcurrentBag<double>();
        var cpu = Processor.Time(server);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (requests.TryDequeue(out var request))
            {
                var began = Stopwatch.GetTimestamp();
                using var connection = await RawConnection.OpenAsync(run.Target.Core, run.Nobody);
                if (await connection.SendAsync(request) is var status && status != 201)
                    throw new InvalidOperationException($"An onboarding was answered {status}.");
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));
        var took = Stopwatch.GetElapsedTime(started);
        var sorted = latencies.Order().ToList();
        var used = Processor.Time(server) - cpu;
        return (new Measured(
            $"onboarding, durable, {count} invokers", count / took.TotalSeconds, sorted[count / 2], sorted[count * 99 / 100], used.TotalMicroseconds / count), count);
    }

    private static byte[] Request(DemoRun run)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=invoker", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var body = $$"""{"onboardingInformation":{"apiInvokerPublicKey":{{JsonSerializer.Serialize(csr)}}},"notificationDestination":"https://127.0.0.1:9/","supportedFeatures":"0"}""";
        return Encoding.ASCII.GetBytes(
            $"POST /api-invoker-management/v1/onboardedInvokers HTTP/1.1\r\nHost: {run.Target.Core.Authority}\r\nAuthorization: Bearer {run.Credential}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
