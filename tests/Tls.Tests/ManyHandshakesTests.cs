using System.Globalization;

namespace CapifOrleans.Tls.Tests;

/// <summary>Alone in the process: it looks at what the process holds.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>Handshakes leave neither memory nor handles behind.</summary>
[Collection(nameof(AloneCollection))]
public sealed class ManyHandshakesTests(TestPki pki) : IClassFixture<TestPki>
{
    private readonly OpenSslServer _server = new(TestServer.Options(pki));
    private readonly OpenSslClientOptions _client = new() { TargetHost = "localhost", TrustedRoots = [pki.Root] };

    /// <summary>2,000 here; CAPIF_TLS_HANDSHAKES asks for more.</summary>
    [Fact]
    public async Task ManyHandshakes_LeaveNothingBehind()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CAPIF_TLS_HANDSHAKES") ?? "2000", CultureInfo.InvariantCulture);
        await HandshakesAsync(500);
        var (memory, handles) = Held();
        await HandshakesAsync(count);
        var (after, handlesAfter) = Held();
        // The process itself opens and closes some meanwhile; one for each handshake would be 2,000.
        Assert.InRange(handlesAfter, 0, handles + 100);
        // 8 KB for each of 2,000 connections that stayed would be 16 MB.
        Assert.True(after - memory < 12 * 1024 * 1024, $"{(after - memory) / 1024} KB more after {count} handshakes");
    }

    private async Task HandshakesAsync(int count)
    {
        for (var index = 0; index < count; index++)
        {
            await using var pair = await MemoryPair.ConnectAsync(_server, _client);
            await pair.Client.WriteAsync(new byte[100]);
            await pair.Server.ReadExactlyAsync(new byte[100]);
        }
    }

    private static (long Memory, int Handles) Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return (self.WorkingSet64, Directory.GetFiles("/proc/self/fd").Length);
    }
}
