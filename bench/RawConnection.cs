using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>
/// One HTTP/1.1 connection over TLS with as little of its own as can be: the two cores are shared with the server, so what the client burns
/// the server lacks.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private RawConnection(TcpClient client, SslStream stream)
    {
        _client = client;
        _stream = stream;
    }

    public static async Task<RawConnection> OpenAsync(Uri address, DemoParty party)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        var options = party.Tls(address.Host);
        options.AllowTlsResume = false;
        await stream.AuthenticateAsClientAsync(options);
        return new RawConnection(client, stream);
    }

    /// <summary>Sends a request and reads its answer whole; the status.</summary>
    public async ValueTask<int> SendAsync(byte[] request)
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

        var rest = ContentLength(_buffer.AsSpan(0, end)) - (read - end - 4);
        while (rest > 0)
        {
            var more = await _stream.ReadAsync(_buffer.AsMemory(0, Math.Min(rest, _buffer.Length)));
            if (more == 0)
                throw new IOException("The server closed the connection within a body.");
            // The status stands at the beginning of the first part, which later parts overwrite only where nobody reads it again.
            rest -= more;
        }

        return _status;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private int _status;

    private int ContentLength(ReadOnlySpan<byte> head)
    {
        _status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + head[11] - '0';
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return 0;
        var value = head[(at + 16)..];
        var line = value.IndexOf((byte)'\r');
        return int.Parse(Encoding.ASCII.GetString(line < 0 ? value : value[..line]), System.Globalization.CultureInfo.InvariantCulture);
    }
}
