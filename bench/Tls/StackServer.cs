using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Bench;

/// <summary>Kestrel that answers with 700 octets, over mutual TLS of either stack, with the same check of the client's chain.</summary>
internal static class StackServer
{
    private static readonly byte[] Body = new byte[700];

    public static async Task RunAsync(string stack, string folder)
    {
        var pki = BenchPki.Open(folder);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (stack == "openssl")
                OpenSsl(listen, pki);
            else
                DotNet(listen, pki);
        }));
        await using var application = builder.Build();
        application.Run(http =>
        {
            http.Response.ContentLength = Body.Length;
            return http.Response.Body.WriteAsync(Body).AsTask();
        });
        await application.StartAsync();
        Console.WriteLine(new Uri(application.Urls.Single()).Port);
        await Console.In.ReadLineAsync();
    }

    private static void OpenSsl(ListenOptions listen, BenchPki pki) => listen.UseOpenSslTls(new OpenSslServerOptions
    {
        Certificate = pki.Server,
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        PskLookup = BenchPki.FindKey,
        Verify = peer =>
        {
            using var chain = new X509Chain { ChainPolicy = pki.ClientPolicy() };
            return chain.Build(peer.Certificate);
        },
    });

    private static void DotNet(ListenOptions listen, BenchPki pki)
    {
        var certificate = SslStreamCertificateContext.Create(pki.Server, null, offline: true);
        var suites = new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        ]);
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CipherSuitesPolicy = suites,
                ClientCertificateRequired = true,
                AllowTlsResume = false,
                CertificateChainPolicy = pki.ClientPolicy(),
                RemoteCertificateValidationCallback = (_, certificate, _, faults) => certificate is null || faults == SslPolicyErrors.None,
            }),
        });
    }
}
