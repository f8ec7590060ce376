using System.Diagnostics;
using System.Globalization;
using System.Security.Authentication;
using CapifOrleans.Tls;

namespace CapifOrleans.Bench;

/// <summary>How long a handshake with a wrong key, an unknown identity or an expired key takes to be refused: nobody is to learn which it was.</summary>
internal static class RefusalTimes
{
    private const int Count = 1_000;

    public static async Task PrintAsync(Func<Process> start)
    {
        using var server = start();
        try
        {
            var port = await ServerStart.PortAsync(server);
            (string What, SslProtocols Protocol, OpenSslClientOptions Options)[] kinds =
            [
                .. new[] { SslProtocols.Tls12, SslProtocols.Tls13 }.SelectMany(protocol => new[]
                {
                    ("wrong key", protocol, Options(protocol, "bench", new byte[32])),
                    ("unknown identity", protocol, Options(protocol, "nobody", BenchPki.Key)),
                    ("expired key", protocol, Options(protocol, "expired", BenchPki.Key)),
                }),
            ];
            var times = kinds.ToDictionary(kind => (kind.What, kind.Protocol), _ => new List<double>());
            // Interleaved, so that what else the machine does falls on all alike.
            for (var round = 0; round < Count; round++)
            {
                foreach (var (what, protocol, options) in kinds)
                    times[(what, protocol)].Add(await RefusedAsync(port, options));
            }

            Console.WriteLine();
            Console.WriteLine("| refused | p25 ms | p50 ms | p75 ms |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var ((what, protocol), took) in times)
            {
                took.Sort();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {protocol}, {what} | {took[Count / 4]:F3} | {took[Count / 2]:F3} | {took[Count * 3 / 4]:F3} |"));
            }
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task<double> RefusedAsync(int port, OpenSslClientOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var stream = await ServerStart.ConnectAsync(port, options);
        }
        catch (AuthenticationException)
        {
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        throw new InvalidOperationException("A handshake that must be refused was not.");
    }

    private static OpenSslClientOptions Options(SslProtocols protocol, string identity, byte[] key) => new()
    {
        TargetHost = "127.0.0.1",
        Protocols = protocol,
        Psk = () => new PskCredential(System.Text.Encoding.ASCII.GetBytes(identity), key),
    };
}
