namespace CapifOrleans.Tls.Tests;

/// <summary>curl as client: HTTP/1.1 and HTTP/2, both TLS versions, with and without a client certificate; large bodies both ways.</summary>
public sealed class CurlTests(TestPki pki) : IClassFixture<TestPki>
{
    [Theory]
    [InlineData("--http1.1 --tls-max 1.2", "Tls12", "HTTP/1.1")]
    [InlineData("--http1.1 --tlsv1.3", "Tls13", "HTTP/1.1")]
    [InlineData("--http2 --tls-max 1.2", "Tls12", "HTTP/2")]
    [InlineData("--http2 --tlsv1.3", "Tls13", "HTTP/2")]
    [InlineData("--no-alpn", "Tls13", "HTTP/1.1")]
    public async Task Curl_GetsItsAnswer(string options, string version, string protocol)
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (exit, output) = await GetAsync(server, options);
        Assert.True(exit == 0, output);
        Assert.StartsWith($"{version} ", output, StringComparison.Ordinal);
        Assert.Contains($" {protocol} https ", output, StringComparison.Ordinal);
        Assert.EndsWith("psk= certificate=", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tls-max 1.2")]
    [InlineData("--tlsv1.3")]
    public async Task ClientCertificate_IsSeen(string options)
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (exit, output) = await GetAsync(server, $"{options} --cert {pki.ClientFile}");
        Assert.True(exit == 0, output);
        Assert.EndsWith("certificate=CN=invoker", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tls-max 1.2")]
    [InlineData("--tlsv1.3")]
    public async Task RequiredClientCertificate_Missing_IsRefused(string options)
    {
        await using var server = await TestServer.StartAsync(
            TestServer.Options(pki, Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.RequireCertificate));
        var (exit, output) = await GetAsync(server, options);
        Assert.True(exit is 35 or 55 or 56, $"{exit} {output}");
        (exit, output) = await GetAsync(server, $"{options} --cert {pki.ClientFile}");
        Assert.True(exit == 0, output);
    }

    [Theory]
    [InlineData("--tls-max 1.2")]
    [InlineData("--tlsv1.3")]
    public async Task ClientCertificate_ThatTheVerdictRefuses_EndsTheHandshake(string options)
    {
        await using var server = await TestServer.StartAsync(new OpenSslServerOptions
        {
            Certificate = pki.Server,
            ClientCertificateMode = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.AllowCertificate,
            Verify = _ => throw new InvalidOperationException("A fault in the verdict refuses, too."),
        });
        var (exit, output) = await GetAsync(server, $"--insecure {options} --cert {pki.ClientFile}");
        Assert.True(exit is 35 or 55 or 56 && output.Contains("alert", StringComparison.Ordinal), $"{exit} {output}");
    }

    [Theory]
    [InlineData("--http1.1 --tls-max 1.2")]
    [InlineData("--http2 --tlsv1.3")]
    public async Task HundredMegabytes_GoUpAndDown(string options)
    {
        const int Size = 100 * 1024 * 1024;
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var file = pki.Write("large", "");
        await using (var large = File.OpenWrite(file))
            large.SetLength(Size);
        var (exit, output) = await Command.CurlAsync($"{options} --cacert {pki.RootFile} -T {file} -X POST https://localhost:{server.Port}/sink");
        Assert.True(exit == 0 && output == $"{Size}", output);
        (exit, output) = await Command.CurlAsync($"{options} --cacert {pki.RootFile} -o {file} -w %{{size_download}} https://localhost:{server.Port}/source?size={Size}");
        Assert.True(exit == 0 && output == $"{Size}", output);
    }

    [Fact]
    public async Task ReplacedCertificate_IsPresentedToTheNext()
    {
        await using var server = await TestServer.StartAsync(TestServer.Options(pki));
        var (exit, output) = await GetAsync(server, "-w %{ssl_verify_result} --ciphers ECDHE-RSA-AES128-GCM-SHA256 --tls-max 1.2");
        Assert.True(exit == 35, output);
        server.Tls.Replace(pki.RsaServer, [pki.Issuer]);
        (exit, output) = await GetAsync(server, "--ciphers ECDHE-RSA-AES128-GCM-SHA256 --tls-max 1.2");
        Assert.True(exit == 0, output);
    }

    private Task<(int Exit, string Output)> GetAsync(TestServer server, string options) =>
        Command.CurlAsync($"{options} --cacert {pki.RootFile} https://localhost:{server.Port}/session");
}
