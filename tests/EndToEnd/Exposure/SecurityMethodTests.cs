using System.Net;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>33.122 6.5.2: one port takes all three methods, and each only from whom it is in force for.</summary>
[Collection(nameof(AefCollection))]
public sealed class SecurityMethodTests(AefFixture aef)
{
    [Fact]
    public async Task Oauth_TokenOverServerAuthenticatedTls_ReachesTheService()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        Assert.Equal(HttpStatusCode.OK, await invoker.InitiateAsync());
        using var http = invoker.TokenHttp(await invoker.TokenAsync());
        Assert.Equal("GET /inner/v1/things/1?x=%20y", await http.GetStringAsync("things/1?x=%20y"));
        var seen = aef.Upstream.Requests.Last(one => one.Headers.GetValueOrDefault("CAPIF-API-Invoker-Id") == invoker.Id);
        Assert.False(seen.Headers.ContainsKey("Authorization"));
        Assert.Contains("for=", seen.Headers["Forwarded"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pki_CertificateFromOnboarding_ReachesTheService()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        Assert.Equal(HttpStatusCode.OK, await invoker.InitiateAsync());
        using var http = invoker.Http(invoker.Certificate);
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
    }

    [Fact]
    public async Task Psk_KeyOfTheCapif1eSession_ReachesTheService()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PSK");
        Assert.Equal(HttpStatusCode.OK, await invoker.InitiateAsync());
        using var http = invoker.PskHttp();
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Psk_OpensslsOwnClient_ReachesTheService(string version)
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PSK");
        Assert.Equal(HttpStatusCode.OK, await invoker.InitiateAsync());
        var (_, output) = await OpenSsl.RunAsync(
            $"s_client -connect 127.0.0.1:{aef.Aef.Port} -psk_identity {invoker.Id} -psk {Convert.ToHexString(invoker.Key)} {version} -quiet -no_ign_eof -ign_eof",
            $"GET /{AefFixture.ApiName}/v1/things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Contains("HTTP/1.1 200", output, StringComparison.Ordinal);
        Assert.Contains("GET /inner/v1/things", output, StringComparison.Ordinal);
    }
}
