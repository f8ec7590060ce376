using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.EndToEnd.Security;
using CapifOrleans.Exposure;
using CapifOrleans.Security;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Tls;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>Seed 003 6.X.2 and 6.X.3: an API invoker onboarded to CCF-B uses an AEF registered with CCF-A, by each of the three methods.</summary>
[Collection(nameof(OperatorsCollection))]
public sealed class InterconnectedLifeTests(OperatorsFixture operators) : IAsyncLifetime
{
    private DemoParty _invoker = null!;

    public async Task InitializeAsync() => _invoker = await operators.B.OnboardAsync();

    public Task DisposeAsync()
    {
        _invoker.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Method3_TokenIsSignedByA_ForItsAef()
    {
        var name = await AllowedAsync("OAUTH");
        var entry = await operators.NegotiateAsync(_invoker, operators.Context(["OAUTH", "PKI"]));
        Assert.Equal("OAUTH", entry["selSecurityMethod"]!.GetValue<string>());
        // What it has to tell the AEF: whose it is.
        Assert.Equal("ccf-b", JsonNode.Parse(entry["authenticationInfo"]!.GetValue<string>())!["ccfId"]!.GetValue<string>());

        var (status, token) = await operators.TokenAsync(_invoker, name);
        Assert.True(status == HttpStatusCode.OK, token.ToJsonString());
        using var keys = await operators.A.SendAsync(operators.A.Run.Nobody, HttpMethod.Get, "/.well-known/jwks.json");
        var claims = DemoToken.Verify(token["access_token"]!.GetValue<string>(), await CoreFixture.JsonAsync(keys));
        Assert.Equal(_invoker.Id, claims["client_id"]!.GetValue<string>());
        Assert.Equal("ccf-b", claims["ccfId"]!.GetValue<string>());
        Assert.Equal($"3gpp#{operators.A.Run.Aef.Id}:{name}", claims["scope"]!.GetValue<string>());
        using var keysOfB = await operators.B.SendAsync(operators.B.Run.Nobody, HttpMethod.Get, "/.well-known/jwks.json");
        var other = await CoreFixture.JsonAsync(keysOfB);
        Assert.ThrowsAny<Exception>(() => DemoToken.Verify(token["access_token"]!.GetValue<string>(), other));

        // The AEF's question: the keys of A, and nothing of B's.
        var (asked, security) = await operators.AskAsync(_invoker);
        Assert.Equal(HttpStatusCode.OK, asked);
        Assert.Equal("OAUTH", security["securityInfo"]![0]!["selSecurityMethod"]!.GetValue<string>());
        Assert.Contains("\"keys\"", security["securityInfo"]![0]!["authorizationInfo"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(security["securityInfo"]![0]!["authenticationInfo"]);
        Assert.DoesNotContain("revocations", security["notificationDestination"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method2_AefGetsTheRootOfB()
    {
        await AllowedAsync("PKI");
        var entry = await operators.NegotiateAsync(_invoker, operators.Context(["PKI"]));
        Assert.Equal("PKI", entry["selSecurityMethod"]!.GetValue<string>());
        var (status, body) = await operators.AskAsync(_invoker);
        Assert.Equal(HttpStatusCode.OK, status);
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(body["securityInfo"]![0]!["authenticationInfo"]!.GetValue<string>());
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(trusted);
        Assert.True(chain.Build((X509Certificate2)_invoker.Tls("").ClientCertificates![0]));
    }

    [Fact]
    public async Task Method1_KeyOfTheSessionWithB_IsWhatTheAefOfAGets()
    {
        await AllowedAsync("PSK");
        byte[] exported = [];
        using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
        {
            TargetHost = operators.B.Target.Core.Host,
            TrustedRoots = [operators.B.Target.Root],
            Certificate = (X509Certificate2)_invoker.Tls("").ClientCertificates![0],
            Connected = session => exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength),
        }));
        using var answer = await http.PutAsJsonAsync(new Uri(operators.B.Target.Core, OperatorsFixture.Trusted(_invoker)), operators.Context(["PSK"]));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var entry = (await CoreFixture.JsonAsync(answer))["securityInfo"]![0]!;
        Assert.Equal("PSK", entry["selSecurityMethod"]!.GetValue<string>());
        var own = AefPskInformation.Parse(entry["authenticationInfo"]!.GetValue<string>());
        Assert.Equal((_invoker.Id, "ccf-b", null), (own.PskIdentity, own.CcfId, own.AefPsk));

        var key = Convert.ToBase64String(AefPsk.Derive(exported.AsSpan(32), exported.AsSpan(0, 32), operators.A.Run.Aef.Id));
        // Asked of B the first time, and kept the second.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (status, body) = await operators.AskAsync(_invoker);
            Assert.Equal(HttpStatusCode.OK, status);
            var got = AefPskInformation.Parse(body["securityInfo"]![0]!["authenticationInfo"]!.GetValue<string>());
            Assert.Equal((_invoker.Id, key), (got.PskIdentity, got.AefPsk));
            Assert.InRange(got.ValidityTime, 3000, 3600);
        }
    }

    [Fact]
    public async Task WithoutThePolicyOfA_NoMethodIsSelected_AndNothingIsTold()
    {
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.B.DiscoveredAsync(_invoker, name, one => one is not null);
        var body = operators.Context(["OAUTH"]);
        // For that service API alone: others at the AEF may be allowed.
        body["securityInfo"]![0]!["apiId"] = (await operators.B.DiscoverAsync(_invoker, name))!["apiId"]!.GetValue<string>();
        Assert.Null((await operators.NegotiateAsync(_invoker, body))["selSecurityMethod"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await operators.TokenAsync(_invoker, name)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.AskAsync(_invoker)).Status);

        // For one API invoker; another's is refused as before.
        await operators.AllowAsync(apiId, _invoker.Id);
        Assert.Equal("OAUTH", (await operators.NegotiateAsync(_invoker, body))["selSecurityMethod"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await operators.TokenAsync(_invoker, name)).Status);
        using var other = await operators.B.OnboardAsync();
        Assert.Null((await operators.NegotiateAsync(other, body))["selSecurityMethod"]);
    }

    [Fact]
    public async Task PolicyOfA_IsWhatTheAefEnforces_AndItsEndReachesTheAef()
    {
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.AllowAsync(apiId);
        await operators.B.DiscoveredAsync(_invoker, name, one => one is not null);
        await operators.NegotiateAsync(_invoker, operators.Context(["OAUTH"]));
        var token = await TokenOkAsync(name);
        Assert.Equal(_invoker.Id, (await PolicyAsync(apiId))!["apiInvokerId"]!.GetValue<string>());
        Assert.False(await IsVoidAsync(token, apiId));

        Assert.Null((await operators.A.Core.Administration.DisallowPeerAsync(
            "ccf-b", new Silo.Administration.PeerPolicySubject { ApiId = apiId }, default)).Refusal);
        Assert.NotEqual(HttpStatusCode.OK, (await operators.TokenAsync(_invoker, name)).Status);
        await Eventually.HoldsAsync(() => IsVoidAsync(token, apiId), "the token is void at the AEF");
        await Eventually.HoldsAsync(async () => await PolicyAsync(apiId) is null, "the policy is gone");
    }

    [Fact]
    public async Task Offboarding_AtB_ReachesTheAefOfA()
    {
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.AllowAsync(apiId);
        await operators.B.DiscoveredAsync(_invoker, name, one => one is not null);
        await operators.NegotiateAsync(_invoker, operators.Context(["OAUTH"]));
        var token = await TokenOkAsync(name);
        using (var gone = await operators.B.SendAsync(_invoker, HttpMethod.Delete, $"/api-invoker-management/v1/onboardedInvokers/{_invoker.Id}"))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await Eventually.HoldsAsync(
            async () => await operators.A.Core.Grains.GetGrain<IAefGrain>(operators.A.Run.Aef.Id).GetRevocationAsync(_invoker.Id, default) is not null,
            "the AEF is told");
        Assert.True(await IsVoidAsync(token, apiId));
        await Eventually.HoldsAsync(async () => (await operators.AskAsync(_invoker)).Status == HttpStatusCode.NotFound, "A forgets it");
    }

    [Fact]
    public async Task RevocationByTheAef_ReachesTheApiInvokerThroughB()
    {
        await using var receiver = await NotificationReceiver.StartAsync(default);
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.AllowAsync(apiId);
        var atB = (await operators.B.DiscoveredAsync(_invoker, name, one => one is not null))!["apiId"]!.GetValue<string>();
        await operators.NegotiateAsync(_invoker, operators.Context(["OAUTH"], receiver.Destination.ToString()));
        var body = new JsonObject
        {
            ["apiInvokerId"] = _invoker.Id,
            ["aefId"] = operators.A.Run.Aef.Id,
            ["apiIds"] = new JsonArray(apiId),
            ["cause"] = "OVERLIMIT_USAGE",
        };
        using (var revoked = await operators.A.SendAsync(operators.A.Run.Aef, HttpMethod.Post, OperatorsFixture.Trusted(_invoker) + "/delete", body))
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        var notice = await receiver.NextAsync(TimeSpan.FromSeconds(60), default);
        // In B's words: A's identifiers mean nothing to the API invoker.
        Assert.Equal(atB, notice["apiIds"]![0]!.GetValue<string>());
        Assert.Equal("OVERLIMIT_USAGE", notice["cause"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, (await operators.TokenAsync(_invoker, name)).Status);
    }

    [Fact]
    public async Task PeerThatIsNotAddressed_GetsNothing()
    {
        await AllowedAsync("PKI");
        await operators.NegotiateAsync(_invoker, operators.Context(["PKI"]));
        var question = $"{OperatorsFixture.Trusted(_invoker)}?authenticationInfo=true&aef-id={operators.A.Run.Aef.Id}";
        // C asks B for an API invoker that never addressed C; A asks for an AEF that was not addressed.
        using var asC = PeerHttp.As(operators.C, operators.B);
        await CoreFixture.RefusedAsync(await asC.SendAsync(HttpMethod.Get, question), HttpStatusCode.NotFound);
        using var asA = PeerHttp.As(operators.A, operators.B);
        await CoreFixture.RefusedAsync(
            await asA.SendAsync(HttpMethod.Get, $"{OperatorsFixture.Trusted(_invoker)}?authenticationInfo=true&aef-id=other"), HttpStatusCode.NotFound);
        using (var answer = await asA.SendAsync(HttpMethod.Get, question))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl!.Private);
            Assert.InRange(answer.Headers.CacheControl.MaxAge!.Value.TotalSeconds, 3000, 3600);
            // Where the API invoker is told of revocations is not A's to know.
            Assert.DoesNotContain("revocations", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // An AEF that says nothing of B knows no interconnection, and is told all the same; to A's AEF C is not B.
        using (var plain = await operators.A.SendAsync(operators.A.Run.Aef, HttpMethod.Get, OperatorsFixture.Trusted(_invoker) + "?authenticationInfo=true"))
            Assert.Contains("BEGIN CERTIFICATE", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.AskAsync(_invoker, "ccf-c")).Status);
        await CoreFixture.RefusedAsync(await asC.SendAsync(HttpMethod.Delete, OperatorsFixture.Trusted(_invoker)), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PeerThatClaimsAnothersApiInvoker_403_AndOursToo()
    {
        var (apiId, name) = await operators.ShareAsync("OAUTH");
        await operators.AllowAsync(apiId);
        await operators.B.DiscoveredAsync(_invoker, name, one => one is not null);
        await operators.NegotiateAsync(_invoker, operators.Context(["OAUTH"]));
        await operators.A.PublishAsync(operators.A.Api("for-c-" + Guid.NewGuid().ToString("N"), ["OAUTH"], operators.C.Domain));
        using var ours = await operators.A.OnboardAsync();
        using var asC = PeerHttp.As(operators.C, operators.A);
        foreach (var claimed in new[] { _invoker, ours })
        {
            await CoreFixture.RefusedAsync(
                await asC.SendAsync(HttpMethod.Put, OperatorsFixture.Trusted(claimed), operators.Context(["OAUTH"])), HttpStatusCode.Forbidden);
            using var token = await asC.SendAsync(HttpMethod.Post, $"/capif-security/v1/securities/{claimed.Id}/token");
            Assert.NotEqual(HttpStatusCode.OK, token.StatusCode);
            await CoreFixture.RefusedAsync(await asC.SendAsync(HttpMethod.Delete, OperatorsFixture.Trusted(claimed)), HttpStatusCode.NotFound);
        }

        Assert.Equal(HttpStatusCode.OK, (await operators.TokenAsync(_invoker, name)).Status);
    }

    [Fact]
    public async Task ScopeOfTwoCoreFunctions_IsNoToken()
    {
        var name = await AllowedAsync("OAUTH");
        var body = operators.Context(["OAUTH"]);
        body["securityInfo"]!.AsArray().Add(new JsonObject { ["aefId"] = operators.B.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") });
        using (var answer = await operators.B.SendAsync(_invoker, HttpMethod.Put, OperatorsFixture.Trusted(_invoker), body))
            Assert.Equal(2, (await CoreFixture.JsonAsync(answer))["securityInfo"]!.AsArray().Count(one => one!["selSecurityMethod"]?.GetValue<string>() == "OAUTH"));
        var scope = $"3gpp#{operators.A.Run.Aef.Id}:{name};{operators.B.Run.Aef.Id}:{operators.B.Run.ApiName}";
        using var refused = await operators.B.SendAsync(
            _invoker, HttpMethod.Post, $"/capif-security/v1/securities/{_invoker.Id}/token",
            $"grant_type=client_credentials&client_id={_invoker.Id}&scope={Uri.EscapeDataString(scope)}", null, SecurityScenario.Form);
        Assert.Equal("invalid_scope", (await CoreFixture.JsonAsync(refused))["error"]!.GetValue<string>());
        // Without a scope it is about B's own.
        using var own = await operators.B.SendAsync(
            _invoker, HttpMethod.Post, $"/capif-security/v1/securities/{_invoker.Id}/token",
            $"grant_type=client_credentials&client_id={_invoker.Id}", null, SecurityScenario.Form);
        Assert.Contains(operators.B.Run.Aef.Id, (await CoreFixture.JsonAsync(own))["scope"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private async Task<string> AllowedAsync(params string[] methods)
    {
        var (apiId, name) = await operators.ShareAsync(methods);
        await operators.AllowAsync(apiId, _invoker.Id);
        await operators.B.DiscoveredAsync(_invoker, name, one => one is not null);
        return name;
    }

    private async Task<string> TokenOkAsync(string name)
    {
        var (status, token) = await operators.TokenAsync(_invoker, name);
        Assert.True(status == HttpStatusCode.OK, token.ToJsonString());
        return token["access_token"]!.GetValue<string>();
    }

    private async Task<JsonNode?> PolicyAsync(string apiId)
    {
        using var answer = await operators.A.SendAsync(
            operators.A.Run.Aef, HttpMethod.Get,
            $"/access-control-policy/v1/accessControlPolicyList/{apiId}?aef-id={operators.A.Run.Aef.Id}&api-invoker-id={_invoker.Id}");
        return (await CoreFixture.JsonAsync(answer))["apiInvokerPolicies"]?.AsArray().FirstOrDefault();
    }

    private Task<bool> IsVoidAsync(string token, string apiId)
    {
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        return operators.A.Core.Grains.GetGrain<IAefGrain>(operators.A.Run.Aef.Id).IsRevokedAsync(
            new PresentedToken
            {
                ApiInvokerId = _invoker.Id,
                ApiId = apiId,
                IssuedAt = DateTimeOffset.FromUnixTimeSeconds(claims["iat"]!.GetValue<long>()),
                TokenSha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token))),
            },
            default);
    }
}
