using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Tls;

namespace CapifOrleans.Bench;

/// <summary>
/// One HTTP/1.1 connection over TLS with as little of its own as can be: the two cores are shared with the server, so what the client burns
/// the server lacks.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly OpenSslStream _stream;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(8 * 1024);
    private int _status;

    private RawConnection(OpenSslStream stream) => _stream = stream;

    /// <summary>TLS as this party does it, for any number of connections: the server's certificate is checked once and recognized afterwards.</summary>
    public static OpenSslClientOptions Tls(Uri address, DemoParty party)
    {
        byte[]? known = null;
        return new OpenSslClientOptions
        {
            TargetHost = address.Host,
            Certificate = party.Certificate,
            Verify = peer =>
            {
                if (known is { } before && peer.EncodedCertificate.Span.SequenceEqual(before))
                    return true;
                using var chain = new X509Chain { ChainPolicy = party.Tls(address.Host).CertificateChainPolicy! };
                chain.ChainPolicy.ExtraStore.AddRange(peer.Chain);
                if (!peer.Certificate.MatchesHostname(address.Host) || !chain.Build(peer.Certificate))
                    return false;
                known = peer.EncodedCertificate.ToArray();
                return true;
            },
        };
    }

    public static async Task<RawConnection> OpenAsync(Uri address, OpenSslClientOptions tls)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return new RawConnection(await OpenSslClientStream.ConnectAsync(new NetworkStream(socket, ownsSocket: true), tls, default));
    }

    /// <summary>Sends a request and reads its answer whole; the status.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await _stream.WriteAsync(request);
        var read = 0;
        int end;
        while ((end = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var more = await _stream.ReadAsync(_buffer.AsMemory(read));
            if (more == 0)
                throw new IOException("The server closed the connection within an answer.");
            read += more;
        }

        var rest = ReadHead(_buffer.AsSpan(0, end)) - (read - end - 4);
        while (rest > 0)
        {
            var more = await _stream.ReadAsync(_buffer.AsMemory(0, Math.Min(rest, _buffer.Length)));
            if (more == 0)
                throw new IOException("The server closed the connection within a body.");
            rest -= more;
        }

        return _status;
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Reads the status; the length of the body.</summary>
    private int ReadHead(ReadOnlySpan<byte> head)
    {
        _status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + head[11] - '0';
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _))
            return _status == 204 ? 0 : throw new IOException("The answer does not say how long it is.");
        return length;
    }
}
