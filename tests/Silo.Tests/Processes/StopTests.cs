using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CapifOrleans.Silo.Tests.Processes;

/// <summary>How the program stops while a request runs.</summary>
public sealed class StopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-stop-");

    [Fact]
    public async Task FirstSignalDrains_SecondEndsAtOnce()
    {
        using var process = SiloProcess.Start(
            _folder.FullName, ["--core-port", "0", "--enrolment-port", "0", "--operations-port", "0", "--shutdown-timeout", "600"]);
        await process.ReadyAsync();
        using var client = await BeginRequestAsync(process.Address("enrolment"));
        using var operations = new HttpClient { BaseAddress = process.Address("operations") };

        process.Terminate();
        await UntilNotReadyAsync(operations);
        process.Terminate();

        Assert.Equal(143, await process.ExitAsync());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Begins a request whose header never ends: the server has to wait for it.</summary>
    private async Task<SslStream> BeginRequestAsync(Uri address)
    {
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "capif-data", "pki", "root.pem")));
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await connection.ConnectAsync(address.Host, address.Port);
        var tls = new SslStream(new NetworkStream(connection, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /getauth HTTP/1.1\r\nHost: localhost\r\n"));
        return tls;
    }

    private static async Task UntilNotReadyAsync(HttpClient operations)
    {
        while (true)
        {
            using var answer = await operations.GetAsync(new Uri("/health/ready", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return;
        }
    }
}
