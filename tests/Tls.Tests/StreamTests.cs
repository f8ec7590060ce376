using System.Security.Cryptography;

namespace CapifOrleans.Tls.Tests;

/// <summary>The stream over pipes in memory: back-pressure, both directions at once, cancellation, the end.</summary>
public sealed class StreamTests(TestPki pki) : IClassFixture<TestPki>
{
    private readonly OpenSslServer _server = new(TestServer.Options(pki));
    private readonly OpenSslClientOptions _client = new() { TargetHost = "localhost", TrustedRoots = [pki.Root] };

    [Fact]
    public async Task PeerThatDoesNotRead_StopsTheWriter()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        var sent = RandomNumberGenerator.GetBytes(5_000_000);
        var write = pair.Server.WriteAsync(sent).AsTask();
        Assert.False(write.IsCompleted);
        Assert.True(pair.Server.Inner.Pending < 64 * 1024);
        Assert.Equal(sent, await ReadAsync(pair.Client, sent.Length));
        await write;
    }

    [Fact]
    public async Task BothEnds_WriteAndRead_AtOnce()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        byte[] up = RandomNumberGenerator.GetBytes(5_000_000), down = RandomNumberGenerator.GetBytes(5_000_000);
        var writes = Task.WhenAll(pair.Client.WriteAsync(up).AsTask(), pair.Server.WriteAsync(down).AsTask());
        var reads = await Task.WhenAll(ReadAsync(pair.Server, up.Length), ReadAsync(pair.Client, down.Length));
        await writes;
        Assert.Equal(up, reads[0]);
        Assert.Equal(down, reads[1]);
    }

    [Fact]
    public async Task CancelledRead_LosesNothing()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        using var cancel = new CancellationTokenSource();
        var read = pair.Server.ReadAsync(new byte[10], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await pair.Client.WriteAsync("still there"u8.ToArray());
        Assert.Equal("still there"u8.ToArray(), await ReadAsync(pair.Server, 11));
    }

    [Fact]
    public async Task CloseNotify_IsTheEnd_AndTheOtherDirectionGoesOn()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        pair.Client.Inner.Shutdown();
        await pair.Client.WriteAsync(default);
        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]));
        await pair.Server.WriteAsync("an answer"u8.ToArray());
        Assert.Equal("an answer"u8.ToArray(), await ReadAsync(pair.Client, 9));
    }

    [Fact]
    public async Task EndWithoutCloseNotify_IsTheEndToAServer_UnlessWithinARecord()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        await pair.Up.Writer.CompleteAsync();
        // HTTP's own framing shows a server what is missing; but not within a record.
        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]));
        await using var second = await MemoryPair.ConnectAsync(_server, _client);
        await second.Up.Writer.WriteAsync(new byte[] { 23, 3, 3, 0, 100, 1, 2 });
        await second.Up.Writer.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(async () => _ = await second.Server.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task EndWithoutCloseNotify_IsAFaultToAClient_WhoMightTakeAPartForTheWhole()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        await pair.Down.Writer.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(async () => _ = await pair.Client.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task AlteredRecord_BreaksTheSession_AndThePeerIsTold()
    {
        await using var pair = await MemoryPair.ConnectAsync(_server, _client);
        await pair.Up.Writer.WriteAsync((byte[])[23, 3, 3, 0, 32, .. new byte[32]]);
        await Assert.ThrowsAsync<IOException>(async () => _ = await pair.Server.ReadAsync(new byte[10]));
        var told = await Assert.ThrowsAsync<IOException>(async () => _ = await pair.Client.ReadAsync(new byte[10]));
        Assert.Contains("bad record mac", told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(async () => await pair.Server.WriteAsync(new byte[1]));
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var octets = new byte[count];
        await stream.ReadExactlyAsync(octets);
        return octets;
    }
}
