using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using CapifOrleans.Grains.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Fakes;

/// <summary>A notification destination: a real HTTPS server whose answer the test decides.</summary>
internal sealed class HttpsReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private HttpsReceiver(WebApplication application, X509Certificate2 certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    /// <summary>What it answers, by path and how many came before; 204 by default.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http =>
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    /// <summary>Its address.</summary>
    public Uri Address { get; private set; } = new("https://localhost/");

    /// <summary>How many requests came that nobody read yet.</summary>
    public int Unread => _received.Reader.Count;

    /// <summary>Starts it with a certificate of this authority, or, without one, with a certificate that nobody vouches for.</summary>
    public static async Task<HttpsReceiver> StartAsync(ICertificateIssuer? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var chain = new X509Certificate2Collection();
        var certificate = issuer is null ? SelfSigned(key) : Issued(issuer, key, chain);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            0,
            listen => listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain))));
        var receiver = new HttpsReceiver(builder.Build(), certificate);
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync();
        var address = receiver._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Address = new Uri(address);
        return receiver;
    }

    /// <summary>The next request, whatever it was answered.</summary>
    public Task<Received> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 Issued(ICertificateIssuer issuer, ECDsa key, X509Certificate2Collection chain)
    {
        var issued = issuer.IssueServer(["localhost", "127.0.0.1"], new PublicKey(key), SerialNumber.NewRandom());
        chain.ImportFromPem(issued.Pem);
        using var leaf = chain[0];
        chain.RemoveAt(0);
        return leaf.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 SelfSigned(ECDsa key)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        await _received.Writer.WriteAsync(new Received(http.Request.Method, http.Request.Path, http.Request.ContentType, body), http.RequestAborted);
        await Answer(http);
    }
}

/// <summary>A request that came.</summary>
internal sealed record Received(string Method, string Path, string? ContentType, string Body);
