using System.Net;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.ProviderManagement;
using CapifOrleans.Exposure;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Silo.Exposure;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>An AEF within a core function's process: it serves once it is registered, and knows of an offboarding before the invoker does.</summary>
[Collection(nameof(AefCollection))]
public sealed class HostedAefTests(AefFixture aef)
{
    [Fact]
    public async Task RegisteredWhileItRuns_Serves_AndIsToldBeforeTheAnswer()
    {
        var folder = aef.File("hosted");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "aef.json");
        var port = AefFixture.FreePort();
        await File.WriteAllTextAsync(file, $$"""
            {
              "core": { "address": "{{aef.Core.Target.Core}}", "root": "{{aef.Core.Core.RootFile}}" },
              "listen": { "port": {{port}} },
              "serviceApis": [{ "apiName": "hosted", "upstream": "{{aef.Upstream.Address}}hosted" }]
            }
            """);
        var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(aef.File("server.pem"), aef.File("server.key"));
        await using var hosted = await HostedAef.StartAsync(
            new HostedAefOptions
            {
                ConfigurationFile = file,
                EndPoint = new IPEndPoint(IPAddress.Loopback, port),
                ServerCertificate = new ServerCertificate(certificate, Issuers()),
                CoreRootPem = aef.Core.Target.Root.ExportCertificatePem(),
                CoreHost = "localhost",
                TokenKeys = () => "",
                MaxConnections = 100,
            },
            aef.Core.Core.Grains, TimeProvider.System, NullLoggerFactory.Instance, default);
        Assert.Null(hosted.Port);
        var registration = await new AefRegistrar(AefConfigurationFile.Read(file), _ => Task.CompletedTask)
            .RegisterAsync(() => Task.FromResult(aef.Core.Run.Credential), default);
        await Eventually.HoldsAsync(() => Task.FromResult(hosted.Port is not null), "the AEF listens once it is registered");

        using var party = await aef.Core.OnboardAsync();
        using (var answer = await aef.Core.SendAsync(party, HttpMethod.Put, $"/capif-security/v1/trustedInvokers/{party.Id}", $$"""
            {"securityInfo":[{"aefId":"{{registration.AefId}}","prefSecurityMethods":["PKI"]}],"notificationDestination":"https://127.0.0.1:9/x"}
            """))
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = party.Tls("") });
        var address = new Uri($"https://localhost:{port}/hosted/v1/x");
        Assert.Equal("GET /hosted/x", await http.GetStringAsync(address));

        using (var answer = await aef.Core.SendAsync(party, HttpMethod.Delete, $"/api-invoker-management/v1/onboardedInvokers/{party.Id}"))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        // The grain's call, not the notification: acknowledged as soon as it was told.
        var grain = aef.Core.Core.Grains.GetGrain<IAefGrain>(registration.AefId);
        await Eventually.HoldsAsync(
            async () => (await grain.GetRevocationAsync(party.Id, default))?.AcknowledgedAt is not null, "the AEF's acknowledgement is recorded");
        using var refused = await http.GetAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
    private System.Security.Cryptography.X509Certificates.X509Certificate2Collection Issuers()
    {
        var all = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        all.ImportFromPemFile(aef.File("server.pem"));
        all.RemoveAt(0);
        return all;
    }
}
