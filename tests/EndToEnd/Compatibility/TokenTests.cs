namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.5: capif_security_api, tokens.</summary>
public sealed class TokenTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    [Fact]
    public async Task Security19_Token_200()
    {
        var scene = await SceneAsync();

        var body = Of(await scene.TokenAsync(), 200, "AccessTokenRsp");

        Assert.Equal("Bearer", (string?)body["token_type"]);
        Assert.NotEmpty((string)body["access_token"]!);
        Assert.True((int)body["expires_in"]! > 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not-valid")]
    public async Task Security20_21_AnAefsCertificate_401_ByOAuth(string? securityId)
    {
        var scene = await SceneAsync();

        RefusedByOAuth(await scene.TokenAsync(securityId: securityId, party: scene.Provider.Aef), 401, "unauthorized_client", Route);
    }

    [Fact]
    public async Task Security22_UnknownSecurityId_404_NotByOAuth()
    {
        var scene = await SceneAsync();

        Refused(await scene.TokenAsync(securityId: "not-valid"), 404, "Security context not found", "API Invoker has no security context");
    }

    [Fact]
    public async Task Security23_AnotherClientId_400()
    {
        var scene = await SceneAsync();

        RefusedByOAuth(await scene.TokenAsync(clientId: "not-valid"), 400, "invalid_client", "Client Id not found");
    }

    [Fact]
    public async Task Security24_UnknownGrantType_400_NotByOAuth()
    {
        var scene = await SceneAsync();

        Refused(
            await scene.TokenAsync(grantType: "not_valid"), 400,
            "'not_valid' is not one of ['client_credentials', 'authorization_code'] - 'grant_type'", null);
    }

    [Fact]
    public async Task Security25_ScopeThatIsNot3gpps_400()
    {
        var scene = await SceneAsync();

        RefusedByOAuth(await scene.TokenAsync("\"not-valid-scope\""), 400, "invalid_scope", "The first characters must be '3gpp'");
        RefusedByOAuth(await scene.TokenAsync("not-valid-scope"), 400, "invalid_scope", "The first characters must be '3gpp'");
    }

    [Fact]
    public async Task Security26_ScopeOfAnotherAef_400()
    {
        var scene = await SceneAsync();

        RefusedByOAuth(await scene.TokenAsync("3gpp#1234:service_1"), 400, "invalid_scope", "One of aef_id not belongs of your security context");
    }

    [Fact]
    public async Task Security27_ScopeOfAnotherServiceApi_400()
    {
        var scene = await SceneAsync();

        RefusedByOAuth(
            await scene.TokenAsync($"3gpp#{scene.Provider.Aef.Id}:not-valid"), 400, "invalid_scope",
            "One of the api names does not exist or is not associated with the aef id provided");
    }

    private async Task<SecurityScene> SceneAsync()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);
        return scene;
    }
}
