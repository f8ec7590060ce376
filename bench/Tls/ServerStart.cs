using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CapifOrleans.Tls;

namespace CapifOrleans.Bench;

/// <summary>Servers in processes of their own: Kestrel on either stack, or <c>openssl s_server</c> with the same pre-shared key.</summary>
internal static class ServerStart
{
    public static Process Start(string stack, string folder) => Process.Start(stack == "s_server"
        ? new ProcessStartInfo("openssl", $"s_server -accept 127.0.0.1:0 -www -nocert -psk_identity bench -psk {Convert.ToHexString(BenchPki.Key)}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }
        : new ProcessStartInfo(Environment.ProcessPath!, $"server {stack} {folder}") { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public static async Task<int> PortAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            // Ours says the port; s_server says "ACCEPT 127.0.0.1:port" among other things.
            var text = line.StartsWith("ACCEPT", StringComparison.Ordinal) ? line[(line.LastIndexOf(':') + 1)..] : line;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                // What it goes on to say is not looked at, but must not fill the pipe.
                server.OutputDataReceived += (_, _) => { };
                server.BeginOutputReadLine();
                if (server.StartInfo.RedirectStandardError)
                    server.BeginErrorReadLine();
                return port;
            }
        }

        throw new InvalidOperationException("The server did not start.");
    }

    public static async Task<OpenSslStream> ConnectAsync(int port, OpenSslClientOptions options)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return await OpenSslClientStream.ConnectAsync(new NetworkStream(socket, ownsSocket: true), options, default);
    }
}
