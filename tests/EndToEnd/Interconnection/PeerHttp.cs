using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>Somebody who calls an interconnection listener by hand, with whatever certificate.</summary>
internal sealed class PeerHttp : IDisposable
{
    private readonly HttpClient _client;
    private readonly OperatorFixture _at;

    /// <summary>Calls <paramref name="at"/> with this certificate and what belongs to its chain, or with none.</summary>
    public PeerHttp(OperatorFixture at, X509Certificate2? certificate, params X509Certificate2[] chain)
    {
        _at = at;
        using var nobody = new DemoParty("nobody", at.Target.Root);
        var tls = nobody.Tls("");
        if (certificate is not null)
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, [.. chain], offline: true);
        _client = new HttpClient(new SocketsHttpHandler { SslOptions = tls, UseProxy = false, AllowAutoRedirect = false });
    }

    /// <summary>As the core function of <paramref name="peer"/>.</summary>
    public static PeerHttp As(OperatorFixture peer, OperatorFixture at, string? named = null, TimeSpan? validity = null) =>
        new(at, peer.Certificate(named, validity), Issuing(peer));

    /// <summary>An operator's issuing certificate.</summary>
    public static X509Certificate2 Issuing(OperatorFixture peer) =>
        X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(Path.GetDirectoryName(peer.Core.RootFile)!, "issuing.pem")));

    /// <summary>Sends.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null, Uri? to = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(to ?? _at.Address, path));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await _client.SendAsync(request);
    }

    public void Dispose() => _client.Dispose();
}
