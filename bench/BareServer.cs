using System.Net;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Bench;

/// <summary>
/// What there is to be had: Kestrel that answers with a body of a given size, over the same mutual TLS as the core listener (same certificate,
/// protocols, suites and check of the client's chain), and does nothing else.
/// </summary>
internal static class BareServer
{
    public static async Task RunAsync(string pkiFolder)
    {
        using var store = new CertificateAuthorityStore(new PkiOptions { Folder = pkiFolder }, TimeProvider.System);
        var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(
            await File.ReadAllTextAsync(Path.Combine(pkiFolder, "server.pem")));
        using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddPki(new PkiOptions { Folder = pkiFolder, Hosts = Hosts(certificate) }).BuildServiceProvider();
        var server = new ServerCertificate(store.ServerCertificate(services.GetRequiredService<ICertificateIssuer>()), [store.Issuing]);
        var policy = new ClientCertificatePolicy(store.Root, store.Issuing, store.TrustedIssuers, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new System.Net.Security.SslServerAuthenticationOptions
                {
                    ServerCertificateContext = server.Current,
                    EnabledSslProtocols = TlsProfile.Protocols,
                    CipherSuitesPolicy = TlsProfile.CipherSuites,
                    ApplicationProtocols = TlsProfile.ApplicationProtocols,
                    ClientCertificateRequired = true,
                    AllowTlsResume = false,
                    CertificateChainPolicy = policy.ChainPolicy(),
                    RemoteCertificateValidationCallback = (_, presented, chain, _) =>
                        presented is not System.Security.Cryptography.X509Certificates.X509Certificate2 leaf || policy.Judge(leaf, chain) == ClientCertificateVerdict.Valid,
                }),
            })));
        builder.Services.AddRoutingCore();
        await using var application = builder.Build();
        application.Map("/{size:int}", (RequestDelegate)AnswerAsync);
        await application.StartAsync();
        Console.WriteLine(application.Urls.Single());
        await Console.In.ReadLineAsync();
    }

    private static Task AnswerAsync(HttpContext http)
    {
        var size = int.Parse((string)http.Request.RouteValues["size"]!, System.Globalization.CultureInfo.InvariantCulture);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = size;
        return http.Response.BodyWriter.WriteAsync(new byte[size]).AsTask();
    }

    private static IReadOnlyList<string> Hosts(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<System.Security.Cryptography.X509Certificates.X509SubjectAlternativeNameExtension>().Single();
        return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(one => one.ToString())];
    }
}
