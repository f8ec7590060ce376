using System.Net;
using CapifOrleans.EndToEnd.Hosting;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Silo.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.EndToEnd;

/// <summary>The core listener on OpenSSL.</summary>
[Collection(nameof(CoreCollection))]
public sealed class TlsTests(CoreFixture core) : CoreTlsTests(core);

/// <summary>The same on .NET's TLS.</summary>
public sealed class DotNetTlsTests(DotNetTlsTests.DotNetCore core) : CoreTlsTests(core), IClassFixture<DotNetTlsTests.DotNetCore>
{
    [Fact]
    public async Task Psk_IsNotSelected_SinceTheSessionCannotBeSeen()
    {
        using var invoker = await Core.OnboardAsync();
        var scenario = new Security.SecurityScenario(Core);
        var answer = await scenario.NegotiateAsync(invoker, scenario.Context(null, entry => entry["prefSecurityMethods"] = new System.Text.Json.Nodes.JsonArray("PSK", "OAUTH")));
        Assert.Equal("OAUTH", answer["securityInfo"]![0]!["selSecurityMethod"]!.GetValue<string>());
    }

    public sealed class DotNetCore : CoreFixture
    {
        private protected override TlsStack? Tls => TlsStack.DotNet;
    }
}

/// <summary>TS 33.210 6.2 and 33.122 6.3.1: the core listener's TLS, tried with openssl itself, and with certificates that are not good.</summary>
public abstract class CoreTlsTests(CoreFixture core)
{
    protected CoreFixture Core => core;

    [Theory]
    [InlineData("-tls1_3", true)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_1", false)]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", false)]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", false)]
    public async Task Handshake_OnlyByTheProfile(string options, bool succeeds)
    {
        var (exit, output) = await OpenSsl.RunAsync($"s_client -connect 127.0.0.1:{core.Target.Core.Port} -servername localhost -CAfile {core.Core.RootFile} -verify_return_error {options}");
        Assert.True(succeeds == (exit == 0), output);
        Assert.Equal(succeeds, output.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal) && !output.Contains("Cipher is (NONE)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExpiredCertificateOfOurs_401()
    {
        var pki = new PkiOptions { KeyEncryptionKey = CoreHost.KeyEncryptionKey, Folder = Path.GetDirectoryName(core.Core.RootFile)!, LeafValidity = TimeSpan.FromSeconds(-30) };
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPki(pki).BuildServiceProvider();
        using var party = new DemoParty("expired", core.Target.Root);
        Assert.True(SubjectPublicKey.TryParse(party.SigningRequest(), out var key, out _));
        party.Accept("expired", services.GetRequiredService<ICertificateIssuer>().Issue(CertificateKind.ApiInvoker, "expired", key, SerialNumber.NewRandom()).Pem);
        var answer = await core.SendAsync(party, HttpMethod.Get, "/service-apis/v1/allServiceAPIs?api-invoker-id=expired");
        Assert.Contains("CLIENT_CERTIFICATE_EXPIRED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await CoreFixture.RefusedAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task CertificateOfOurs_ThatIsOnNoRecord_401()
    {
        var pki = new PkiOptions { KeyEncryptionKey = CoreHost.KeyEncryptionKey, Folder = Path.GetDirectoryName(core.Core.RootFile)! };
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPki(pki).BuildServiceProvider();
        foreach (var kind in Enum.GetValues<CertificateKind>())
        {
            using var party = new DemoParty("stray", core.Target.Root);
            Assert.True(SubjectPublicKey.TryParse(party.SigningRequest(), out var key, out _));
            // Even one that names an AMF that exists: the record has another certificate.
            party.Accept(core.Run.Amf.Id, services.GetRequiredService<ICertificateIssuer>().Issue(kind, core.Run.Amf.Id, key, SerialNumber.NewRandom()).Pem);
            var answer = await core.SendAsync(party, HttpMethod.Get, "/logs/v1/apiInvocationLogs");
            Assert.Contains("CLIENT_CERTIFICATE_REVOKED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await CoreFixture.RefusedAsync(answer, HttpStatusCode.Unauthorized);
        }
    }
}
