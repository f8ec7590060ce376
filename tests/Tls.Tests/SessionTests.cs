using System.Text.RegularExpressions;

namespace CapifOrleans.Tls.Tests;

/// <summary>33.122 A.1: both ends know the same session id, master secret or exporter, and every handshake is a full one.</summary>
public sealed partial class SessionTests(TestPki pki) : IClassFixture<TestPki>
{
    private const string Request = "GET /session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Tls12_OpensslSeesTheSameSessionIdAndMasterSecret()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (_, output) = await Command.OpenSslAsync(Client(server, $"-tls1_2 -cert {pki.ClientFile} -cert_chain {pki.ClientFile} -key {pki.ClientFile}"), Request);
        var id = SessionId().Match(output).Groups[1].Value;
        Assert.True(server.MasterSecrets.ContainsKey(id), output);
        Assert.Equal(64, id.Length);
        Assert.Equal(MasterKey().Match(output).Groups[1].Value, server.MasterSecrets[id]);
        Assert.Equal(96, server.MasterSecrets[id].Length);
        Assert.Contains("ems=True", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Exporter_IsTheSameAsOpenssls(string version)
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (_, output) = await Command.OpenSslAsync(Client(server, $"{version} -keymatexport EXPORTER-test -keymatexportlen 32"), Request);
        Assert.Equal(64, server.Exported.Length);
        Assert.Contains($"Keying material: {server.Exported}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task NothingIsResumed(string version)
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (_, output) = await Command.OpenSslAsync(Client(server, $"{version} -reconnect"), Request);
        Assert.Contains("New, TLS", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused, TLS", output, StringComparison.Ordinal);
        Assert.DoesNotContain("session ticket", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Tls13_HasNeitherIdNorMasterSecret()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (_, output) = await Command.OpenSslAsync(Client(server, "-tls1_3"), Request);
        Assert.Contains(" id= ", output, StringComparison.Ordinal);
        Assert.Equal("", server.MasterSecrets[""]);
    }

    private string Client(TestServer server, string options) =>
        $"s_client -connect 127.0.0.1:{server.Port} -servername localhost -CAfile {pki.RootFile} -verify_return_error -ign_eof {options}";

    [GeneratedRegex("Session-ID: ([0-9A-F]+)")]
    private static partial Regex SessionId();

    [GeneratedRegex("Master-Key: ([0-9A-F]+)")]
    private static partial Regex MasterKey();
}
