using System.Net;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Interconnection;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>33.122 6.6, and the pinning that is ours: who is taken for a core function on CAPIF-6, and who is not.</summary>
[Collection(nameof(OperatorsCollection))]
public sealed class PeerCertificateTests(OperatorsFixture operators)
{
    private static string List(OperatorFixture peer) => $"/published-apis/v1/{peer.CcfId}/service-apis";

    [Fact]
    public async Task PeersOwn_Passes()
    {
        using var http = PeerHttp.As(operators.B, operators.A);
        using var answer = await http.SendAsync(HttpMethod.Get, List(operators.B));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task None_401_AtEveryOperation()
    {
        using var http = new PeerHttp(operators.A, null);
        foreach (var operation in InterconnectionOperations.Rows)
        {
            var path = System.Text.RegularExpressions.Regex.Replace(operation.Path, "\\{[^}]*\\}", "ccf-b");
            await CoreFixture.RefusedAsync(await http.SendAsync(new HttpMethod(operation.Method), path), HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task AnotherAuthoritysWithThePeersName_401()
    {
        // Of a peer, and of A itself: neither may speak for B.
        foreach (var impostor in new[] { operators.C, operators.A })
        {
            using var http = PeerHttp.As(impostor, operators.A, operators.B.CcfId);
            await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_CERTIFICATE_UNTRUSTED");
        }
    }

    [Fact]
    public async Task AnotherPeersOwn_IsThatPeer_AndSeesNothingOfOthers()
    {
        using var http = PeerHttp.As(operators.C, operators.A);
        await CoreFixture.RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OfAnApiInvokerOfThePeer_401()
    {
        using var invoker = await operators.B.OnboardAsync();
        using var http = new PeerHttp(operators.A, (X509Certificate2)invoker.Tls("").ClientCertificates![0], PeerHttp.Issuing(operators.B));
        await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_UNKNOWN");
    }

    [Fact]
    public async Task OfACoreFunctionThatIsNoPeer_401()
    {
        using var http = PeerHttp.As(operators.B, operators.A, "ccf-unknown");
        await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_UNKNOWN");
    }

    [Fact]
    public async Task Expired_401()
    {
        using var http = PeerHttp.As(operators.B, operators.A, validity: TimeSpan.FromSeconds(-30));
        await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_CERTIFICATE_EXPIRED");
    }

    [Fact]
    public async Task Revoked_401_OnOpenConnectionsToo()
    {
        var certificate = operators.B.Certificate();
        using var http = new PeerHttp(operators.A, certificate, PeerHttp.Issuing(operators.B));
        using (var before = await http.SendAsync(HttpMethod.Get, List(operators.B)))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Null((await operators.A.Core.Administration.RevokePeerCertificateAsync(operators.B.CcfId, certificate.SerialNumber, default)).Refusal);
        await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_CERTIFICATE_REVOKED");
        // The peer's other certificates are good all the same.
        await PeersOwn_Passes();
    }

    [Fact]
    public async Task OnTheCoreListener_ItIsNobodys()
    {
        using var http = PeerHttp.As(operators.B, operators.A);
        await CoreFixture.RefusedAsync(await http.SendAsync(HttpMethod.Get, "/logs/v1/apiInvocationLogs", to: operators.A.Target.Core), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task OurOwnPartiesCertificates_AreNobodysOnTheInterconnectionListener()
    {
        using var http = new PeerHttp(operators.A, (X509Certificate2)operators.A.Run.Apf.Tls("").ClientCertificates![0], PeerHttp.Issuing(operators.A));
        await RefusedAsync(await http.SendAsync(HttpMethod.Get, List(operators.B)), "PEER_UNKNOWN");
    }

    [Theory]
    [InlineData("ccf-x", "http://peer.example:8446", "address")]
    [InlineData("ccf-x", "https://user@peer.example:8446", "address")]
    [InlineData("ccf-x", "https://peer.example:8446/path", "address")]
    [InlineData("ccf-x", "https://peer.example:8446/?q", "address")]
    [InlineData("ccf/x", "https://peer.example:8446", "ccfId")]
    [InlineData("ccf-a", "https://peer.example:8446", "ccfId")]
    public async Task Description_ThatIsNone_IsRefused(string ccfId, string address, string attribute)
    {
        var outcome = await operators.A.Core.Administration.SetPeerAsync(operators.B.Description with { CcfId = ccfId, Address = address }, default);
        Assert.Equal(attribute, outcome.Refusal!.InvalidParams.Single().Param);
        Assert.DoesNotContain(await operators.A.Core.Administration.ListPeersAsync(default), one => one.CcfId == ccfId);
    }

    [Fact]
    public async Task TrustAnchor_ThatIsNoRoot_IsRefused()
    {
        foreach (var pem in new[] { "nothing", PeerHttp.Issuing(operators.B).ExportCertificatePem() })
        {
            var outcome = await operators.A.Core.Administration.SetPeerAsync(operators.B.Description with { CcfId = "ccf-x", TrustAnchors = pem }, default);
            Assert.Equal("trustAnchors", outcome.Refusal!.InvalidParams.Single().Param);
        }
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string cause)
    {
        Assert.Contains(cause, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await CoreFixture.RefusedAsync(answer, HttpStatusCode.Unauthorized);
    }
}
