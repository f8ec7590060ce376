using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>33.122 6.5.2, 6.7, C.5: who does not get in, and what they are told.</summary>
[Collection(nameof(AefCollection))]
public sealed class RefusalTests(AefFixture aef)
{
    [Fact]
    public async Task Nobody_IsTold401()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        using var http = invoker.Http(certificate: null);
        using var answer = await http.GetAsync(new Uri("things", UriKind.Relative));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        await AefInvoker.RefusedAsync(answer, HttpStatusCode.Unauthorized, "AUTHENTICATION_MISSING");
    }

    [Fact]
    public async Task WrongMethod_BearsTheIndicator_AndTheRightOneGoesThroughAfterNegotiation_33122_6_7()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        await invoker.InitiateAsync();
        using (var http = invoker.Http(invoker.Certificate))
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        await invoker.NegotiateAgainAsync("OAUTH");
        await Eventually.HoldsAsync(async () => await invoker.InitiateAsync() == HttpStatusCode.OK, "the AEF knows the new method");
        // A new connection by the old method.
        using (var http = invoker.Http(invoker.Certificate))
        {
            using var answer = await EventuallyAsync(http, HttpStatusCode.Forbidden);
            await AefInvoker.RefusedAsync(answer, HttpStatusCode.Forbidden, "SECURITY_METHOD_CHANGED");
        }

        using var byToken = invoker.TokenHttp(await invoker.TokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await byToken.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task PskInForce_TokenOfAnEarlierContext_BearsTheIndicator()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        var token = await invoker.TokenAsync();
        await invoker.NegotiateAgainAsync("PSK");
        using var http = invoker.TokenHttp(token);
        await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Forbidden, "SECURITY_METHOD_CHANGED");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task WrongKey_AndUnknownIdentity_AreRefusedAlike(string version)
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PSK");
        await invoker.InitiateAsync();
        var wrong = await ConnectAsync(version, invoker.Id, RandomNumberGenerator.GetBytes(32));
        var unknown = await ConnectAsync(version, "nobody", invoker.Key);
        Assert.NotEqual(0, wrong.Exit);
        Assert.Equal((wrong.Exit, Alerts(wrong.Output)), (unknown.Exit, Alerts(unknown.Output)));
        Assert.Equal(0, (await ConnectAsync(version, invoker.Id, invoker.Key)).Exit);
    }

    [Fact]
    public async Task KeyThatWasReplaced_OpensNothing_AndItsConnectionsEnd()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PSK");
        await invoker.InitiateAsync();
        using var before = invoker.PskHttp();
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        var old = invoker.Key;
        await invoker.NegotiateAgainAsync("PSK");
        Assert.NotEqual(old, invoker.Key);
        await Eventually.HoldsAsync(
            async () =>
            {
                await invoker.InitiateAsync();
                using var now = invoker.PskHttp();
                try
                {
                    return (await now.GetAsync(new Uri("things", UriKind.Relative))).StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the AEF takes the new key");
        await AefInvoker.RefusedAsync(await before.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Unauthorized, "AEFPSK_EXPIRED");
        using var again = invoker.PskHttp(key: old);
        await Assert.ThrowsAsync<HttpRequestException>(() => again.GetAsync(new Uri("things", UriKind.Relative)));
    }

    [Fact]
    public async Task ForgedTokens_AreRefused()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        var good = await invoker.TokenAsync();
        var parts = good.Split('.');
        string[] forged =
        [
            good[..^6] + "AAAAAA",
            $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Encode("""{"iss":"x","client_id":"x","scope":"3gpp#a:b","exp":9999999999}""")}.{parts[2]}",
            aef.Core.Run.Credential,
            "x",
        ];
        foreach (var token in forged)
        {
            using var http = invoker.TokenHttp(token);
            using var answer = await http.GetAsync(new Uri("things", UriKind.Relative));
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            await AefInvoker.RefusedAsync(answer, HttpStatusCode.Unauthorized, "INVALID_TOKEN");
        }

        using var basic = invoker.Http(certificate: null);
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "eDp5");
        await AefInvoker.RefusedAsync(await basic.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Unauthorized, "INVALID_TOKEN");
    }

    [Fact]
    public async Task FinerScope_LetsItsResourceAndOperationThroughOnly_23222_8_31()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH", features: "10");
        using var http = invoker.TokenHttp(await invoker.TokenAsync($"3gpp#{aef.Identity.AefId}:{AefFixture.ApiName}:res.things:op.read"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things/1", UriKind.Relative))).StatusCode);
        await AefInvoker.RefusedAsync(await http.PostAsJsonAsync(new Uri("things", UriKind.Relative), 1), HttpStatusCode.Forbidden, "INSUFFICIENT_SCOPE");
        await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("places", UriKind.Relative)), HttpStatusCode.Forbidden, "INSUFFICIENT_SCOPE");
        await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("elsewhere", UriKind.Relative)), HttpStatusCode.Forbidden, "INSUFFICIENT_SCOPE");
    }

    [Fact]
    public async Task CertificateOfAnotherIssuer_AndOneThatIsNobodys_AreRefused()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        await invoker.InitiateAsync();
        using var forged = Forge(invoker.Id);
        using (var http = invoker.Http(forged))
            await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Unauthorized, "CLIENT_CERTIFICATE_UNTRUSTED");
        using var nobody = Forge("nobody");
        using (var http = invoker.Http(nobody))
            await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Forbidden, "NOT_AUTHORIZED");
        // A certificate of the same issuer, of somebody who negotiated nothing.
        using var apf = (X509Certificate2)aef.Core.Run.Apf.Tls("").ClientCertificates![0];
        using (var http = invoker.Http(apf))
            await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Forbidden, "NOT_AUTHORIZED");
    }

    [Fact]
    public async Task Connection_ActsForOneApiInvokerByOneMethod()
    {
        using var first = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        using var second = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        var (one, other) = (await first.TokenAsync(), await second.TokenAsync());
        using var http = first.Http(certificate: null);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(http, one)).StatusCode);
        await AefInvoker.RefusedAsync(await GetAsync(http, other), HttpStatusCode.Forbidden, "CONNECTION_BOUND");
        // A certificate of one, a token of the other.
        using var pki = await AefInvoker.NegotiateAsync(aef, "PKI");
        using var byCertificate = pki.Http(pki.Certificate);
        Assert.Equal(HttpStatusCode.OK, (await byCertificate.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        await AefInvoker.RefusedAsync(await GetAsync(byCertificate, other), HttpStatusCode.Forbidden, "CONNECTION_BOUND");
        // A key of one, a token of the other: the connection is the key's, and the token is not looked at, let alone passed on.
        using var psk = await AefInvoker.NegotiateAsync(aef, "PSK");
        await psk.InitiateAsync();
        using var byKey = psk.PskHttp();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(byKey, other)).StatusCode);
        var seen = aef.Upstream.Requests.Last();
        Assert.Equal((psk.Id, false), (seen.Headers["CAPIF-API-Invoker-Id"], seen.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task TokenOverMutualTls_IsForTheHolderOfTheCertificate()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        using var http = invoker.Http(invoker.Certificate);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(http, await invoker.TokenAsync())).StatusCode);
        using var without = invoker.Http(invoker.Certificate);
        await AefInvoker.RefusedAsync(await without.GetAsync(new Uri("things", UriKind.Relative)), HttpStatusCode.Forbidden, "SECURITY_METHOD_CHANGED");
    }

    [Fact]
    public async Task CheckAuthentication_OfAStranger_IsRefused()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        Assert.Equal(HttpStatusCode.Forbidden, await invoker.InitiateAsync("nobody"));
        using var http = invoker.Http(certificate: null);
        foreach (var body in new[] { "{}", "{\"apiInvokerId\":1,\"supportedFeatures\":\"0\"}", "[]", "{" })
        {
            using var answer = await http.PostAsync(
                new Uri("/aef-security/v1/check-authentication", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        using var get = await http.GetAsync(new Uri("/aef-security/v1/check-authentication", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task RevokeAuthorization_ByAnybodyElse_IsRefused()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        await invoker.InitiateAsync();
        foreach (var certificate in new[] { null, invoker.Certificate })
        {
            using var http = invoker.Http(certificate);
            using var answer = await http.PostAsJsonAsync(
                new Uri("/aef-security/v1/revoke-authorization", UriKind.Relative),
                new { revokeInfo = new { apiInvokerId = invoker.Id, apiIds = new[] { aef.ApiId }, cause = "OTHER_REASON" }, supportedFeatures = "0" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var still = invoker.Http(invoker.Certificate);
        Assert.Equal(HttpStatusCode.OK, (await still.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient http, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "things");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(request);
    }

    /// <summary>Until the AEF may ask again, which it does once a second at most.</summary>
    private static async Task<HttpResponseMessage> EventuallyAsync(HttpClient http, HttpStatusCode status)
    {
        HttpResponseMessage? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                answer?.Dispose();
                answer = await http.GetAsync(new Uri("things", UriKind.Relative));
                return answer.StatusCode == status;
            },
            $"the AEF answers {status}");
        return answer!;
    }

    private Task<(int Exit, string Output)> ConnectAsync(string version, string identity, byte[] key) => OpenSsl.RunAsync(
        $"s_client -connect 127.0.0.1:{aef.Aef.Port} -psk_identity {identity} -psk {Convert.ToHexString(key)} {version} -quiet -no_ign_eof -ign_eof",
        $"GET /{AefFixture.ApiName}/v1/things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    private static string Alerts(string output) => string.Join(
        '\n', output.Split('\n').Where(line => line.Contains("alert", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static X509Certificate2 Forge(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
