using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Security;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Tls;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>An API invoker that negotiated with an AEF by one method: its key, certificate or token, and connections of each kind.</summary>
internal sealed class AefInvoker : IDisposable
{
    private readonly AefFixture _aef;

    private AefInvoker(AefFixture aef, DemoParty party)
    {
        _aef = aef;
        Party = party;
    }

    /// <summary>The invoker at the core function.</summary>
    public DemoParty Party { get; }

    public string Id => Party.Id;

    public X509Certificate2 Certificate => (X509Certificate2)Party.Tls("").ClientCertificates![0];

    /// <summary>The AEFPSK, where that is the method.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Onboards, and negotiates this method.</summary>
    public static async Task<AefInvoker> NegotiateAsync(AefFixture aef, string method, string? features = null)
    {
        var invoker = new AefInvoker(aef, await aef.Core.OnboardAsync());
        await invoker.NegotiateAgainAsync(method, features);
        return invoker;
    }

    /// <summary>Negotiates another method, or the same anew.</summary>
    public async Task NegotiateAgainAsync(string method, string? features = null)
    {
        byte[] exported = [];
        using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
        {
            TargetHost = _aef.Core.Target.Core.Host,
            TrustedRoots = [_aef.Core.Target.Root],
            Certificate = Certificate,
            Connected = session => exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength),
        }));
        var context = new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = _aef.Identity.AefId, ["prefSecurityMethods"] = new JsonArray(method) }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
        };
        if (features is not null)
            context["supportedFeatures"] = features;
        using var answer = await http.PutAsJsonAsync(new Uri(_aef.Core.Target.Core, $"/capif-security/v1/trustedInvokers/{Id}"), context);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created && text.Contains($"\"{method}\"", StringComparison.Ordinal), text);
        if (method == "PSK")
            Key = AefPsk.Derive(exported.AsSpan(32), exported.AsSpan(0, 32), _aef.Identity.AefId);
    }

    /// <summary>Authentication initiation (29.222 6.2.2.2).</summary>
    public async Task<HttpStatusCode> InitiateAsync(string? apiInvokerId = null)
    {
        using var http = Http(certificate: null);
        using var answer = await http.PostAsJsonAsync(
            new Uri($"https://localhost:{_aef.Aef.Port}/aef-security/v1/check-authentication"),
            new { apiInvokerId = apiInvokerId ?? Id, supportedFeatures = "1" });
        return answer.StatusCode;
    }

    /// <summary>An access token.</summary>
    public async Task<string> TokenAsync(string? scope = null)
    {
        var form = $"grant_type=client_credentials&client_id={Id}&scope="
            + Uri.EscapeDataString(scope ?? $"3gpp#{_aef.Identity.AefId}:{AefFixture.ApiName}");
        using var answer = await _aef.Core.SendAsync(
            Party, HttpMethod.Post, $"/capif-security/v1/securities/{Id}/token", form, null, "application/x-www-form-urlencoded");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["access_token"]!.GetValue<string>();
    }

    /// <summary>A client without certificate, or with this one.</summary>
    public HttpClient Http(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _aef.Core.Target.Root },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            },
        };
        return new HttpClient(handler) { BaseAddress = _aef.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>A client of method OAUTH.</summary>
    public HttpClient TokenHttp(string token)
    {
        var http = Http(certificate: null);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>A client of method PSK.</summary>
    public HttpClient PskHttp(string? identity = null, byte[]? key = null) => new(OpenSslHttp.CreateHandler(new OpenSslClientOptions
    {
        TargetHost = "localhost",
        Psk = () => new PskCredential(Encoding.UTF8.GetBytes(identity ?? Id), key ?? Key),
    }))
    {
        BaseAddress = _aef.Address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public void Dispose() => Party.Dispose();

    /// <summary>Checks a refusal's status and cause.</summary>
    public static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string cause)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(cause, JsonNode.Parse(text)!["cause"]!.GetValue<string>());
        answer.Dispose();
    }
}
