using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Tls.Tests;

/// <summary>Our server and <c>openssl s_client -psk</c> (33.122 6.5.2.1): who has the key comes in, everybody else is refused alike.</summary>
public sealed class PskServerTests(TestPki pki) : IClassFixture<TestPki>
{
    private const string Identity = "api-invoker-1";
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private bool _expired;

    [Theory]
    [InlineData("-tls1_2", "Tls12 TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256")]
    [InlineData("-tls1_2 -cipher DHE-PSK-AES128-GCM-SHA256", "Tls12 TLS_DHE_PSK_WITH_AES_128_GCM_SHA256")]
    [InlineData("-tls1_2 -cipher DHE-PSK-AES256-GCM-SHA384:DHE-PSK-AES128-GCM-SHA256:ECDHE-PSK-CHACHA20-POLY1305", "Tls12 TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256")]
    [InlineData("-tls1_3", "Tls13 TLS_AES_128_GCM_SHA256")]
    public async Task RightKey_ComesIn_WithItsIdentity(string options, string expected)
    {
        foreach (var withCertificate in new[] { true, false })
        {
            await using var server = await TestServer.StartAsync(Options(withCertificate));
            var (exit, output) = await RequestAsync(server, options, Identity, Convert.ToHexString(_key));
            Assert.True(exit == 0, output);
            Assert.Contains(expected, output, StringComparison.Ordinal);
            Assert.Contains($"psk={Identity} certificate=\n", output.ReplaceLineEndings("\n") + "\n", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task UnknownIdentity_WrongKey_ExpiredKey_AreRefusedAlike(string options)
    {
        await using var server = await TestServer.StartAsync(Options(withCertificate: true));
        var wrong = await RequestAsync(server, options, Identity, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        var unknown = await RequestAsync(server, options, "api-invoker-2", Convert.ToHexString(_key));
        _expired = true;
        var expired = await RequestAsync(server, options, Identity, Convert.ToHexString(_key));
        Assert.NotEqual(0, wrong.Exit);
        Assert.NotEqual("", Alert(wrong.Output));
        Assert.Equal(Alert(wrong.Output), Alert(unknown.Output));
        Assert.Equal(Alert(wrong.Output), Alert(expired.Output));
        Assert.Equal(wrong.Exit, unknown.Exit);
        Assert.Equal(wrong.Exit, expired.Exit);
    }

    [Theory]
    [InlineData("-tls1_2 -cipher PSK-AES128-GCM-SHA256")]
    [InlineData("-tls1_2 -cipher ECDHE-PSK-AES128-CBC-SHA256")]
    [InlineData("-tls1_2 -cipher RSA-PSK-AES128-GCM-SHA256")]
    public async Task SuiteOutsideTheProfile_IsRefused(string options)
    {
        await using var server = await TestServer.StartAsync(Options(withCertificate: true));
        var (exit, output) = await RequestAsync(server, options, Identity, Convert.ToHexString(_key));
        Assert.NotEqual(0, exit);
        Assert.DoesNotContain("Tls12", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortWithKeys_TakesCertificatesToo()
    {
        await using var server = await TestServer.StartAsync(Options(withCertificate: true));
        foreach (var options in new[] { "--tls-max 1.2", "--tlsv1.3" })
        {
            var (exit, output) = await Command.CurlAsync($"{options} --cacert {pki.RootFile} --cert {pki.ClientFile} https://localhost:{server.Port}/session");
            Assert.True(exit == 0, output);
            Assert.EndsWith("psk= certificate=CN=invoker", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TicketOfAnotherServer_IsPassedOver_AndTheCertificateDoes_RFC8446_4_2_11()
    {
        var (process, port) = await OpensslServerTests.StartAsync($"-cert {pki.ServerFile} -cert_chain {pki.ServerFile} -key {pki.ServerFile} -tls1_3");
        using var other = process;
        var ticket = pki.Write("ticket", "");
        try
        {
            var (_, first) = await Command.OpenSslAsync(
                $"s_client -connect 127.0.0.1:{port} -CAfile {pki.RootFile} -sess_out {ticket} -ign_eof", "GET / HTTP/1.0\r\n\r\n");
            Assert.True(new FileInfo(ticket).Length > 0, first);
        }
        finally
        {
            process.Kill();
        }

        await using var server = await TestServer.StartAsync(Options(withCertificate: true));
        var (_, output) = await Command.OpenSslAsync(
            $"s_client -connect 127.0.0.1:{server.Port} -CAfile {pki.RootFile} -sess_in {ticket} -ign_eof", "GET /session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Contains("Tls13", output, StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3", output, StringComparison.Ordinal);
        Assert.Contains("psk= certificate=", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FaultOfTheLookUp_RefusesAsAWrongKeyDoes()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki, psk: _ => throw new InvalidOperationException("no memory of it")));
        var (exit, _) = await RequestAsync(server, "-tls1_2", Identity, Convert.ToHexString(_key));
        Assert.NotEqual(0, exit);
    }

    private OpenSslServerOptions Options(bool withCertificate)
    {
        byte[]? Find(ReadOnlySpan<byte> identity) => !_expired && identity.SequenceEqual(Encoding.UTF8.GetBytes(Identity)) ? _key : null;
        return withCertificate ? TestServer.Options(pki, psk: Find) : new OpenSslServerOptions { PskLookup = Find };
    }

    private static Task<(int Exit, string Output)> RequestAsync(TestServer server, string options, string identity, string key) => Command.OpenSslAsync(
        $"s_client -connect 127.0.0.1:{server.Port} -psk_identity {identity} -psk {key} {options} -quiet -no_ign_eof -ign_eof",
        "GET /session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    /// <summary>What openssl says of the alert that it got, without the addresses that differ between runs.</summary>
    private static string Alert(string output) =>
        string.Join('\n', output.Split('\n').Where(line => line.Contains("alert", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]));
}
