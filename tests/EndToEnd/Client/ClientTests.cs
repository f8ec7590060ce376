using System.Net;
using System.Security.Authentication;
using CapifOrleans.Client;
using CapifOrleans.EndToEnd.Exposure;

namespace CapifOrleans.EndToEnd.Client;

/// <summary>The client library with this core function and this AEF: both ends of AEFPSK, change of the method, revocation.</summary>
[Collection(nameof(AefCollection))]
public sealed class ClientTests(AefFixture aef)
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13)]
    public async Task AefPsk_DerivedByTheClient_IsTheAefs_33122_A1(SslProtocols negotiated)
    {
        using var invoker = await OnboardAsync(negotiated, SecurityMethod.Psk);
        var api = Assert.Single(await invoker.DiscoverAsync(new DiscoveryFilter { ApiName = AefFixture.ApiName }));
        using var http = invoker.CreateClient(api);
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
        await invoker.OffboardAsync();
    }

    [Fact]
    public async Task MethodThatAnotherProcessNegotiated_IsFound_33122_6_7()
    {
        Directory.CreateDirectory(aef.File("method"));
        var state = Path.Combine(aef.File("method"), "invoker.json");
        using var first = await ApiInvoker.OnboardAsync(Enrolment(), Options(SslProtocols.Tls12, state, SecurityMethod.Psk, SecurityMethod.Pki, SecurityMethod.Oauth));
        var api = Assert.Single(await first.DiscoverAsync(new DiscoveryFilter { ApiName = AefFixture.ApiName }));
        using var http = first.CreateClient(api);
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
        using var second = await ApiInvoker.LoadAsync(Options(SslProtocols.Tls12, state, SecurityMethod.Oauth));
        using var other = second.CreateClient(api);
        Assert.Equal("GET /inner/v1/places", await other.GetStringAsync("places"));
        // The key of the first is no longer in force; it negotiates, and so takes the method from the second, which does the same.
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
        Assert.Equal("GET /inner/v1/places", await other.GetStringAsync("places"));
        await first.OffboardAsync();
    }

    /// <summary>Not OAUTH: a token of the same second as the revocation is void at this AEF, since tokens tell seconds only.</summary>
    [Theory]
    [InlineData(SecurityMethod.Psk)]
    [InlineData(SecurityMethod.Pki)]
    public async Task RevokedAuthorization_IsNegotiatedAnew_29222_5_6_2_5(SecurityMethod method)
    {
        using var invoker = await OnboardAsync(SslProtocols.Tls12, method);
        var api = Assert.Single(await invoker.DiscoverAsync(new DiscoveryFilter { ApiName = AefFixture.ApiName }));
        using var http = invoker.CreateClient(api);
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
        using (var revoked = await RevokeAsync(invoker.ApiInvokerId))
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        // The core function lets it negotiate again (docs/divergences.md).
        Assert.Equal("GET /inner/v1/things", await http.GetStringAsync("things"));
    }

    /// <summary>As the AEF's own certificate may (29.222 5.6.2.5).</summary>
    private async Task<HttpResponseMessage> RevokeAsync(string apiInvokerId)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new System.Net.Security.SslClientAuthenticationOptions
            {
                LocalCertificateSelectionCallback = (_, _, _, _, _) => aef.Identity.Certificate,
                CertificateChainPolicy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
                {
                    TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { aef.Core.Target.Root },
                    RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
                },
            },
        });
        return await http.DeleteAsync(new Uri(aef.Core.Target.Core, $"/capif-security/v1/trustedInvokers/{apiInvokerId}"));
    }

    private EnrolmentInformation Enrolment() => new() { Core = aef.Core.Target.Core, Roots = [aef.Core.Target.Root], Credential = aef.Core.Run.Credential };

    private Task<ApiInvoker> OnboardAsync(SslProtocols negotiated, params SecurityMethod[] methods) =>
        ApiInvoker.OnboardAsync(Enrolment(), Options(negotiated, null, methods));

    private static ApiInvokerOptions Options(SslProtocols negotiated, string? state, params SecurityMethod[] methods) => new()
    {
        NotificationDestination = new Uri("https://127.0.0.1:9/notifications"),
        PreferredMethods = methods,
        PskNegotiationProtocols = negotiated,
        StateFile = state,
    };
}
