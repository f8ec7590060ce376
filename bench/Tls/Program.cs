using System.Globalization;
using CapifOrleans.Bench;
using CapifOrleans.Tls;

if (args is ["server", var stack, var servedFolder])
{
    await StackServer.RunAsync(stack, servedFolder);
    return;
}

// Ours against SslStream under Kestrel; one cheap client for both, so that what differs is the server.
var request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
var folder = Directory.CreateTempSubdirectory("capif-tls-bench-").FullName;
try
{
    var pki = BenchPki.Make(folder);
    var mutual = new OpenSslClientOptions { TargetHost = "127.0.0.1", Verify = _ => true, Certificate = pki.Client };
    var anonymous = new OpenSslClientOptions { TargetHost = "127.0.0.1", Verify = _ => true };
    var psk = new OpenSslClientOptions { TargetHost = "127.0.0.1", Psk = () => new PskCredential("bench"u8.ToArray(), BenchPki.Key) };
    Console.WriteLine("| what | a second | p50 ms | p99 ms | server CPU µs | load |");
    Console.WriteLine("|---|---|---|---|---|---|");
    // Twice, interleaved: the machine changes within a minute.
    for (var round = 0; round < 2; round++)
    {
        await MeasureAsync("dotnet", "SslStream, full mutual handshake and a request", mutual, keepAlive: false);
        await MeasureAsync("openssl", "OpenSSL, full mutual handshake and a request", mutual, keepAlive: false);
        await MeasureAsync("dotnet", "SslStream, full handshake without client certificate and a request", anonymous, keepAlive: false);
        await MeasureAsync("openssl", "OpenSSL, full handshake without client certificate and a request", anonymous, keepAlive: false);
        await MeasureAsync("openssl", "OpenSSL, PSK handshake and a request", psk, keepAlive: false);
        await MeasureAsync("s_server", "openssl s_server, PSK handshake and a request", psk, keepAlive: false);
        await MeasureAsync("dotnet", "SslStream, request on a kept connection", mutual, keepAlive: true);
        await MeasureAsync("openssl", "OpenSSL, request on a kept connection", mutual, keepAlive: true);
    }

    await RefusalTimes.PrintAsync(() => ServerStart.Start("openssl", folder));
}
finally
{
    Directory.Delete(folder, recursive: true);
}

async Task MeasureAsync(string stack, string what, OpenSslClientOptions options, bool keepAlive)
{
    using var server = ServerStart.Start(stack, folder);
    try
    {
        var port = await ServerStart.PortAsync(server);
        var clients = keepAlive ? 32 : 8;
        var kept = keepAlive ? await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ConnectAsync(port, options))) : [];
        var measured = await Load.RunAsync(what, server.Id, clients, TimeSpan.FromSeconds(2), index => async () =>
        {
            if (keepAlive)
            {
                await RequestAsync(kept[index]);
                return;
            }

            await using var stream = await ConnectAsync(port, options);
            await RequestAsync(stream);
        });
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {measured.PerSecond:F0} | {measured.P50:F2} | {measured.P99:F2} | {measured.CpuMicroseconds:F0} | {load} |"));
        foreach (var stream in kept)
            await stream.DisposeAsync();
    }
    finally
    {
        server.Kill();
    }
}

static Task<OpenSslStream> ConnectAsync(int port, OpenSslClientOptions options) => ServerStart.ConnectAsync(port, options);

async Task RequestAsync(OpenSslStream stream)
{
    await stream.WriteAsync(request);
    var buffer = new byte[2048];
    // Head and body together are more than 700 octets.
    for (var got = 0; got <= 700;)
    {
        var read = await stream.ReadAsync(buffer);
        if (read == 0)
            throw new IOException("The server closed the connection within an answer.");
        got += read;
    }
}
