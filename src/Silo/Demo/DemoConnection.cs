using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace CapifOrleans.Silo.Demo;

/// <summary>A TLS connection that is held open by hand, so that its end can be seen.</summary>
internal sealed class DemoConnection : IAsyncDisposable
{
    private readonly SslStream _stream;

    private DemoConnection(SslStream stream) => _stream = stream;

    /// <summary>Opens it, and uses it once, so that the core function knows whose it is.</summary>
    public static async Task<DemoConnection> OpenAsync(DemoRun run, DemoParty party, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(run.Target.Core.Host, run.Target.Core.Port, cancellationToken);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(party.Tls(run.Target.Core.Host), cancellationToken);
        var connection = new DemoConnection(stream);
        var request = $"GET /service-apis/v1/allServiceAPIs?api-invoker-id={party.Id}&api-name={run.ApiName} HTTP/1.1\r\n"
            + $"Host: {run.Target.Core.Authority}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        var buffer = new byte[16];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 12), cancellationToken);
        DemoFailure.Unless(Encoding.ASCII.GetString(buffer, 0, 12) == "HTTP/1.1 200", "a second connection of the invoker is served");
        return connection;
    }

    /// <summary>Reads until the peer ends the connection, gracefully or not.</summary>
    public async Task ExpectEndAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, timeout.Token) > 0)
            {
                // What was left of the answer.
            }
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailure($"the connection is torn down within {within.TotalSeconds:F0} s");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
