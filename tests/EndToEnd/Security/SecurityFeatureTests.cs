using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Exposure;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>29.222 8.5.6: what each feature of CAPIF_Security_API turns on, and what holds without it.</summary>
[Collection(nameof(CoreCollection))]
public sealed class SecurityFeatureTests(CoreFixture core)
{
    private const string PerApi = "4";
    private const string Rnaa = "8";
    private const string Ext1 = "10";
    private const string Ext2 = "20";
    private const string Both = "30";

    private readonly SecurityScenario _scenario = new(core);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("7c", "7c")]
    [InlineData("fff0", "0070")]
    public async Task Features_AreTheCommonOnes_29500_6_6_2(string asked, string common)
    {
        using var invoker = await core.OnboardAsync();
        var answer = await _scenario.NegotiateAsync(invoker, _scenario.Context(asked));
        Assert.Equal(common, answer["supportedFeatures"]!.GetValue<string>());
    }

    [Fact]
    public async Task SecurityInfoPerApi_NarrowsTheAuthorizationToOneServiceApi_8_5_4_2_3()
    {
        using var invoker = await core.OnboardAsync();
        var (name, id) = await _scenario.PublishAsync();
        var answer = await _scenario.NegotiateAsync(invoker, _scenario.Context(PerApi, entry => entry["apiId"] = id));
        Assert.Equal(id, answer["securityInfo"]![0]!["apiId"]!.GetValue<string>());
        var token = await _scenario.TokenOkAsync(invoker);
        Assert.Equal($"3gpp#{core.Run.Aef.Id}:{name}", token["scope"]!.GetValue<string>());
        await _scenario.TokenRefusedAsync(invoker, "invalid_scope", ("scope", $"3gpp#{core.Run.Aef.Id}:{core.Run.ApiName}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("78")]
    public async Task ApiId_WithoutSecurityInfoPerApi_400_NamesIt(string? features)
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(
            await _scenario.PutAsync(invoker, _scenario.Context(features, entry => entry["apiId"] = core.Run.ApiId)),
            HttpStatusCode.BadRequest, "securityInfo[0].apiId");
    }

    [Fact]
    public async Task GrantType_WithoutRnaa_400_NamesIt()
    {
        using var invoker = await core.OnboardAsync();
        await CoreFixture.RefusedAsync(
            await _scenario.PutAsync(invoker, _scenario.Context("74", entry => entry["grantType"] = new JsonArray("CLIENT_CREDENTIALS"))),
            HttpStatusCode.BadRequest, "securityInfo[0].grantType");
    }

    [Fact]
    public async Task GrantType_WithRnaa_IsWhatInvokerAndAefHaveInCommon()
    {
        using var invoker = await core.OnboardAsync();
        var (_, id) = await _scenario.PublishAsync("AUTHORIZATION_CODE_WITH_PKCE", "CLIENT_CREDENTIALS");
        var answer = await _scenario.NegotiateAsync(invoker, _scenario.Context("c", entry =>
        {
            entry["apiId"] = id;
            entry["grantType"] = new JsonArray("AUTHORIZATION_CODE", "AUTHORIZATION_CODE_WITH_PKCE");
        }));
        Assert.Equal("[\"AUTHORIZATION_CODE_WITH_PKCE\"]", answer["securityInfo"]![0]!["grantType"]!.ToJsonString());
        Assert.Equal(new Uri(core.Target.Enrolment, "/oauth/authorize").ToString(), answer["securityInfo"]![0]!["authorizationInfo"]!.GetValue<string>());
        // A token of the invoker's own was not negotiated.
        await _scenario.TokenRefusedAsync(invoker, "unauthorized_client");
    }

    [Fact]
    public async Task ServiceApiThatOnlyResourceOwnersMayGrant_IsNotToBeHadWithoutRnaa()
    {
        using var invoker = await core.OnboardAsync();
        var (name, _) = await _scenario.PublishAsync("AUTHORIZATION_CODE_WITH_PKCE");
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0"));
        await _scenario.TokenRefusedAsync(invoker, "unauthorized_client", ("scope", $"3gpp#{core.Run.Aef.Id}:{name}"));
    }

    [Theory]
    [InlineData(Ext1, ":res.things", true)]
    [InlineData(Ext1, ":res.things:op.create", true)]
    [InlineData(Both, ":res.things:op.create", true)]
    [InlineData(Ext1, ":res.places:op.create", false)]
    [InlineData(Ext1, ":res.nothing", false)]
    [InlineData("0", ":res.things", false)]
    [InlineData(Ext2, ":res.things", false)]
    public async Task FinerScope_IsOfCapifExt1_8_5_4_2_6(string features, string items, bool isGranted)
    {
        using var invoker = await core.OnboardAsync();
        var (name, _) = await _scenario.PublishAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context(features));
        var scope = $"3gpp#{core.Run.Aef.Id}:{name}{items}";
        if (isGranted)
            Assert.Equal(scope, SecurityScenario.Claims(await _scenario.TokenOkAsync(invoker, ("scope", scope)))["scope"]!.GetValue<string>());
        else
            await _scenario.TokenRefusedAsync(invoker, "invalid_scope", ("scope", scope));
    }

    [Theory]
    [InlineData(Ext2, "{name}:read", true)]
    [InlineData(Ext2, "{name}:read 3gpp#{aef}:{name}", true)]
    [InlineData(Both, "3gpp#{aef}:{name}:res.things {name}", true)]
    [InlineData(Ext2, "openid", false)]
    [InlineData(Ext2, "{name}:read openid", false)]
    [InlineData(Ext1, "{name}:read", false)]
    [InlineData("0", "{name}:read", false)]
    public async Task StringsSeparatedBySpaces_AreOfCapifExt2_8_5_4_2_6(string features, string pattern, bool isGranted)
    {
        using var invoker = await core.OnboardAsync();
        var (name, _) = await _scenario.PublishAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context(features));
        var scope = pattern.Replace("{name}", name).Replace("{aef}", core.Run.Aef.Id);
        if (isGranted)
            Assert.Equal(scope, SecurityScenario.Claims(await _scenario.TokenOkAsync(invoker, ("scope", scope)))["scope"]!.GetValue<string>());
        else
            await _scenario.TokenRefusedAsync(invoker, "invalid_scope", ("scope", scope));
    }

    [Fact]
    public async Task TokenGrammar_FollowsANewNegotiation_5_6_2_2_3()
    {
        using var invoker = await core.OnboardAsync();
        var scope = $"3gpp#{core.Run.Aef.Id}:{core.Run.ApiName} {core.Run.ApiName}";
        await _scenario.NegotiateAsync(invoker, _scenario.Context(Ext2));
        await _scenario.TokenOkAsync(invoker, ("scope", scope));
        using var updated = await core.SendAsync(invoker, HttpMethod.Post, SecurityScenario.Trusted(invoker) + "/update", _scenario.Context("0"));
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        await _scenario.TokenRefusedAsync(invoker, "invalid_scope", ("scope", scope));
    }

    [Fact]
    public async Task Token_IsRefusedOnceItsServiceApiIsUnpublished()
    {
        using var invoker = await core.OnboardAsync();
        var (name, id) = await _scenario.PublishAsync();
        var scope = ("scope", $"3gpp#{core.Run.Aef.Id}:{name}");
        await _scenario.NegotiateAsync(invoker, _scenario.Context(null));
        await _scenario.TokenOkAsync(invoker, scope);
        await _scenario.TokenOkAsync(invoker, scope);
        using var gone = await core.SendAsync(core.Run.Apf, HttpMethod.Delete, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis/{id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await _scenario.TokenRefusedAsync(invoker, "invalid_scope", scope);
    }

    [Theory]
    [InlineData("50", "AUTHORIZATION_ISSUE")]
    [InlineData("10", "OTHER_REASON")]
    public async Task RevocationOfAToken_NamesItToTheInvoker_WithCapifExt1_5_6_2_5(string features, string cause)
    {
        await using var receiver = await NotificationReceiver.StartAsync(default);
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context(features, destination: receiver.Destination.ToString()));
        var token = (await _scenario.TokenOkAsync(invoker))["access_token"]!.GetValue<string>();
        using var revoked = await RevokeAsync(invoker, token);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        var notice = await receiver.NextAsync(TimeSpan.FromSeconds(20), default);
        Assert.Equal(token, notice["access_token"]!.GetValue<string>());
        Assert.Equal(cause, notice["cause"]!.GetValue<string>());
        Assert.Equal(invoker.Id, notice["apiInvokerId"]!.GetValue<string>());
        // That grant only: the AEF refuses the token, and the next one is good.
        Assert.True(await IsRevokedAsync(invoker, token));
        var other = (await _scenario.TokenOkAsync(invoker))["access_token"]!.GetValue<string>();
        Assert.False(await IsRevokedAsync(invoker, other));
    }

    [Fact]
    public async Task RevocationOfAToken_WithoutCapifExt1_RevokesTheServiceApi()
    {
        await using var receiver = await NotificationReceiver.StartAsync(default);
        using var invoker = await core.OnboardAsync();
        await _scenario.NegotiateAsync(invoker, _scenario.Context("0", destination: receiver.Destination.ToString()));
        var scope = ("scope", $"3gpp#{core.Run.Aef.Id}:{core.Run.ApiName}");
        var token = (await _scenario.TokenOkAsync(invoker, scope))["access_token"]!.GetValue<string>();
        using var revoked = await RevokeAsync(invoker, token);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Null((await receiver.NextAsync(TimeSpan.FromSeconds(20), default))["access_token"]);
        Assert.True(await IsRevokedAsync(invoker, token));
        await _scenario.TokenRefusedAsync(invoker, "invalid_scope", scope);
    }

    [Fact]
    public async Task RevocationOfSomebodyElsesToken_400_NamesIt()
    {
        using var invoker = await core.OnboardAsync();
        using var other = await core.OnboardAsync();
        foreach (var party in new[] { invoker, other })
            await _scenario.NegotiateAsync(party, _scenario.Context(Ext1));
        var token = (await _scenario.TokenOkAsync(other))["access_token"]!.GetValue<string>();
        await CoreFixture.RefusedAsync(await RevokeAsync(invoker, token), HttpStatusCode.BadRequest, "access_token");
        await CoreFixture.RefusedAsync(await RevokeAsync(invoker, "x.y.z"), HttpStatusCode.BadRequest, "access_token");
        Assert.False(await IsRevokedAsync(other, token));
    }

    private Task<HttpResponseMessage> RevokeAsync(DemoParty invoker, string token) => core.SendAsync(
        core.Run.Aef, HttpMethod.Post, SecurityScenario.Trusted(invoker) + "/delete",
        new JsonObject
        {
            ["apiInvokerId"] = invoker.Id,
            ["apiIds"] = new JsonArray(core.Run.ApiId),
            ["access_token"] = token,
            ["cause"] = "AUTHORIZATION_ISSUE",
        });

    /// <summary>What this core function's own exposing function asks before it lets a token in.</summary>
    private Task<bool> IsRevokedAsync(DemoParty invoker, string token)
    {
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        return core.Core.Grains.GetGrain<IAefGrain>(core.Run.Aef.Id).IsRevokedAsync(
            new PresentedToken
            {
                ApiInvokerId = invoker.Id,
                ApiId = core.Run.ApiId,
                IssuedAt = DateTimeOffset.FromUnixTimeSeconds(claims["iat"]!.GetValue<long>()),
                TokenSha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token))),
            },
            default);
    }
}
