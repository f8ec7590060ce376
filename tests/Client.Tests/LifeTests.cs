using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using CapifOrleans.Client.Tests.Foreign;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests;

/// <summary>TS 33.122 6.1 to 6.8 at a core function that is not this project's: the whole life, by each method.</summary>
public sealed class LifeTests(TestPki pki) : Scene(pki)
{
    [Theory]
    [InlineData(SecurityMethod.Psk, "PSK")]
    [InlineData(SecurityMethod.Pki, "PKI")]
    [InlineData(SecurityMethod.Oauth, "OAUTH")]
    public async Task WholeLife_ByTheMethodThatIsSelected(SecurityMethod method, string name)
    {
        Core.Discovered = Discovered();
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options([method], StatePath));
        Assert.Equal("invoker-1", invoker.ApiInvokerId);
        var found = Assert.Single(await invoker.DiscoverAsync(new DiscoveryFilter { ApiName = "3gpp-test" }));
        using (var http = invoker.CreateClient(found))
        {
            Assert.Equal($"https://localhost:{Aef.Port}/exposed/3gpp-test/v1/", http.BaseAddress!.ToString());
            Assert.Equal(name, await CallAsync(http));
            using var answer = await http.PostAsJsonAsync("things?of=1", new JsonObject { ["a"] = 1 });
            var echoed = await answer.Content.ReadFromJsonAsync<JsonObject>();
            Assert.Equal("/exposed/3gpp-test/v1/things?of=1", echoed!["path"]!.GetValue<string>());
            Assert.Equal("""{"a":1}""", echoed["body"]!.GetValue<string>());
            Assert.Null(answer.RequestMessage!.Headers.Authorization);
        }

        await invoker.OffboardAsync();
        Assert.False(File.Exists(StatePath));
        Assert.Single(Core.Negotiations);
        Assert.Single(Aef.Initiations);
        Assert.Equal(method == SecurityMethod.Oauth ? 1 : 0, Core.TokenRequests.Count());
        Assert.Equal("DELETE", Core.Requests.Last().Method);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => invoker.DiscoverAsync());
    }

    [Fact]
    public async Task Onboarding_IsWithoutClientCertificate_AndEverythingElseWithIt_29222_10_2()
    {
        using var invoker = await OnboardAsync();
        await invoker.DiscoverAsync();
        await invoker.NegotiateAsync(["aef-1"]);
        var requests = Core.Requests.ToList();
        Assert.Null(requests[0].ClientCertificate);
        Assert.All(requests.Skip(1), one => Assert.Equal("CN=invoker-1", one.ClientCertificate));
        var body = requests[0].Json;
        Assert.Contains("CERTIFICATE REQUEST", body["onboardingInformation"]!["apiInvokerPublicKey"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("https://invoker.example/notifications", body["notificationDestination"]!.GetValue<string>());
        Assert.DoesNotContain("PRIVATE KEY", requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task AefPsk_IsTheSameAtBothEnds_33122_A1(SslProtocols protocol)
    {
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options([SecurityMethod.Psk], psk: protocol));
        using var http = invoker.CreateClient(Aef.Api);
        // The AEF lets in whoever has the key that the core function derived, and nobody else.
        Assert.Equal("PSK", await CallAsync(http));
        Assert.Equal(protocol, Assert.Single(Core.Negotiations).Protocol);
        Assert.Equal("invoker-1", Aef.Calls.Single().PskIdentity);
    }

    [Fact]
    public async Task BarePublicKey_WhereThatIsWanted()
    {
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(bareKey: true));
        Assert.Contains("BEGIN PUBLIC KEY", Core.Requests.Single().Body, StringComparison.Ordinal);
        Assert.Empty(await invoker.DiscoverAsync());
    }

    [Fact]
    public async Task WithoutOpenSsl_PskIsNotOffered_AndTheOthersWork()
    {
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(hasOpenSsl: false));
        using var http = invoker.CreateClient(Aef.Api);
        Assert.Equal("PKI", await CallAsync(http));
        Assert.DoesNotContain("PSK", Core.Negotiations.Single().Body, StringComparison.Ordinal);
        using var pskOnly = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options([SecurityMethod.Psk], hasOpenSsl: false));
        await Assert.ThrowsAsync<CapifException>(() => pskOnly.NegotiateAsync(["aef-1"]));
    }

    private JsonObject Discovered() => JsonNode.Parse($$$$"""
        {"serviceAPIDescriptions":[{"apiName":"3gpp-test","apiId":"7","aefProfiles":[{"aefId":"aef-1","versions":[{"apiVersion":"v1",
          "resources":[{"resourceName":"things","commType":"REQUEST_RESPONSE","uri":"/things","operations":["GET","POST"]}]}],
          "protocol":"HTTP_9","securityMethods":["QUANTUM","PSK","PKI","OAUTH"],
          "interfaceDescriptions":[{"fqdn":"localhost","port":{{{{Aef.Port}}}},"apiPrefix":"/exposed"}],"vendorSpecific-x":{"y":1}}]}]}
        """)!.AsObject();
}
