using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CapifOrleans.Security;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Tls;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>33.122 6.5.2.1 steps 1 to 5 over the wire: the API invoker's own end of its CAPIF-1e session gives the key that the AEF is told.</summary>
[Collection(nameof(CoreCollection))]
public sealed partial class PskTests(CoreFixture core) : IAsyncLifetime
{
    private readonly SecurityScenario _scenario = new(core);
    private string _api = "";

    [Fact]
    public async Task Tls12_KeyFromOpensslsOwnSession_IsTheAefs()
    {
        using var invoker = await core.OnboardAsync();
        var body = Context().ToJsonString();
        var request = $"PUT {SecurityScenario.Trusted(invoker)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        var pem = WriteCertificate(invoker);
        try
        {
            var (_, output) = await OpenSsl.RunAsync(
                $"s_client -connect 127.0.0.1:{core.Target.Core.Port} -servername localhost -CAfile {core.Core.RootFile} -cert {pem} -key {pem} -tls1_2 -ign_eof", request);
            Assert.Contains("HTTP/1.1 201", output, StringComparison.Ordinal);
            Assert.Contains("\"PSK\"", output, StringComparison.Ordinal);
            var key = AefPsk.Derive(
                Convert.FromHexString(MasterKey().Match(output).Groups[1].Value), Convert.FromHexString(SessionId().Match(output).Groups[1].Value), core.Run.Aef.Id);
            await AefHasAsync(invoker, key);
        }
        finally
        {
            File.Delete(pem);
        }
    }

    [Fact]
    public async Task Tls13_KeyFromTheExporter_IsTheAefs_AndLiesNowhereInTheClear()
    {
        using var invoker = await core.OnboardAsync();
        byte[] exported = [];
        using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
        {
            TargetHost = core.Target.Core.Host,
            TrustedRoots = [core.Target.Root],
            Certificate = Certificate(invoker),
            Connected = session => exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength),
        }));
        using var answer = await http.PutAsJsonAsync(new Uri(core.Target.Core, SecurityScenario.Trusted(invoker)), Context());
        var entry = (await CoreFixture.JsonAsync(answer))["securityInfo"]![0]!;
        Assert.Equal("PSK", entry["selSecurityMethod"]!.GetValue<string>());
        var own = AefPskInformation.Parse(entry["authenticationInfo"]!.GetValue<string>());
        Assert.Equal((invoker.Id, 3600L, null), (own.PskIdentity, own.ValidityTime, own.AefPsk));
        var key = AefPsk.Derive(exported.AsSpan(32), exported.AsSpan(0, 32), core.Run.Aef.Id);
        await AefHasAsync(invoker, key);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetDirectoryName(core.Core.RootFile))!, "*", SearchOption.AllDirectories))
        {
            if (await TryReadAsync(file) is { } octets)
                Assert.False(octets.AsSpan().IndexOf(key) >= 0 || octets.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key))) >= 0, file);
        }
    }

    private async Task AefHasAsync(DemoParty invoker, byte[] key)
    {
        using var answer = await core.SendAsync(core.Run.Aef, HttpMethod.Get, SecurityScenario.Trusted(invoker) + "?authenticationInfo=true");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var entry = (await CoreFixture.JsonAsync(answer))["securityInfo"]![0]!;
        var got = AefPskInformation.Parse(entry["authenticationInfo"]!.GetValue<string>());
        Assert.Equal(Convert.ToBase64String(key), got.AefPsk);
        Assert.Equal(invoker.Id, got.PskIdentity);
        Assert.InRange(got.ValidityTime, 3500, 3600);
    }

    public async Task InitializeAsync()
    {
        var profile = new JsonObject
        {
            ["aefId"] = core.Run.Aef.Id,
            ["versions"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1" }),
            ["securityMethods"] = new JsonArray("PSK"),
            ["domainName"] = "psk.example",
        };
        var body = new JsonObject { ["apiName"] = "psk-" + Guid.NewGuid().ToString("N"), ["aefProfiles"] = new JsonArray(profile), ["supportedFeatures"] = "0" };
        using var answer = await core.SendAsync(core.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis", body);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        _api = answer.Headers.Location!.AbsolutePath;
    }

    // Others want this AEF to offer what it did before.
    public async Task DisposeAsync() => (await core.SendAsync(core.Run.Apf, HttpMethod.Delete, _api)).Dispose();

    private JsonObject Context() => _scenario.Context(null, entry => entry["prefSecurityMethods"] = new JsonArray("PSK", "OAUTH"));

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate(DemoParty party) =>
        (System.Security.Cryptography.X509Certificates.X509Certificate2)party.Tls("").ClientCertificates![0];

    private static string WriteCertificate(DemoParty party)
    {
        var certificate = Certificate(party);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        var path = Path.GetTempFileName();
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return path;
    }

    private static async Task<byte[]?> TryReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory);
            return memory.ToArray();
        }
        catch (IOException)
        {
            // A socket.
            return null;
        }
    }

    [GeneratedRegex("Session-ID: ([0-9A-F]+)")]
    private static partial Regex SessionId();

    [GeneratedRegex("Master-Key: ([0-9A-F]+)")]
    private static partial Regex MasterKey();
}
