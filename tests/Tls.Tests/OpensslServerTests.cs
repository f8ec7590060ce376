using System.Diagnostics;
using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace CapifOrleans.Tls.Tests;

/// <summary>Our client and <c>openssl s_server</c>: by pre-shared key and by certificate, in both versions.</summary>
public sealed class OpensslServerTests(TestPki pki) : IClassFixture<TestPki>
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("-tls1_2", SslProtocols.Tls12)]
    [InlineData("-tls1_3", SslProtocols.Tls13)]
    public async Task Psk_RightKeyConnects_WrongKeyDoesNot(string version, SslProtocols expected)
    {
        var (process, port) = await StartAsync($"-nocert -psk_identity invoker -psk {Convert.ToHexString(_key)} {version}");
        using var server = process;
        try
        {
            ITlsSessionFeature? seen = null;
            using var http = new HttpClient(OpenSslHttp.CreateHandler(Options(_key, session => seen = session)));
            Assert.Contains("s_server", await http.GetStringAsync(new Uri($"https://localhost:{port}/")), StringComparison.Ordinal);
            Assert.Equal(expected, seen!.ProtocolVersion);
            Assert.Equal("invoker"u8.ToArray(), seen.PskIdentity.ToArray());
            using var wrong = new HttpClient(OpenSslHttp.CreateHandler(Options(RandomNumberGenerator.GetBytes(32), _ => { })));
            await Assert.ThrowsAsync<HttpRequestException>(() => wrong.GetStringAsync(new Uri($"https://localhost:{port}/")));
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("-tls1_2", SslProtocols.Tls12)]
    [InlineData("-tls1_3", SslProtocols.Tls13)]
    public async Task Certificate_IsChecked(string version, SslProtocols expected)
    {
        var (process, port) = await StartAsync($"-cert {pki.ServerFile} -cert_chain {pki.ServerFile} -key {pki.ServerFile} {version}");
        using var server = process;
        try
        {
            var seen = SslProtocols.None;
            using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
            {
                TargetHost = "localhost",
                TrustedRoots = [pki.Root],
                Connected = session => seen = session.ProtocolVersion,
            }));
            Assert.Contains("s_server", await http.GetStringAsync(new Uri($"https://localhost:{port}/")), StringComparison.Ordinal);
            Assert.Equal(expected, seen);
        }
        finally
        {
            process.Kill();
        }
    }

    private static OpenSslClientOptions Options(byte[] key, Action<ITlsSessionFeature> connected) => new()
    {
        TargetHost = "localhost",
        Psk = () => new PskCredential("invoker"u8.ToArray(), key),
        Connected = connected,
    };

    internal static async Task<(Process Process, int Port)> StartAsync(string options)
    {
        var process = Process.Start(new ProcessStartInfo("openssl", $"s_server -accept 127.0.0.1:0 -www {options}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ACCEPT", StringComparison.Ordinal))
                return (process, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }
}
