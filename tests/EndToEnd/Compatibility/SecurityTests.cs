using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.5: capif_security_api, but for tokens.</summary>
public sealed class SecurityTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Unknown = "/capif-security/v1/trustedInvokers/not-valid";
    private const string NoInvoker = "Invoker not found";
    private const string NoInvokerCause = "API Invoker not exists or invalid ID";
    private const string NoContext = "Security context not found";
    private const string NoContextCause = "API Invoker has no security context";

    [Fact]
    public async Task Security1_Negotiates_201()
    {
        var scene = await SecurityScene.MakeAsync(Life);

        var answer = await Life.SecureAsync(scene.Invoker, scene.Context());

        var body = Of(answer, 201, "ServiceSecurity");
        Located(answer, "/capif-security/v1/trustedInvokers", scene.Invoker.Party.Id);
        var entry = body["securityInfo"]![0]!;
        Assert.Equal(("OAUTH", scene.ApiId), ((string?)entry["selSecurityMethod"], (string?)entry["apiId"]));
        Assert.Equal(("string", "string"), ((string?)entry["authenticationInfo"], (string?)entry["authorizationInfo"]));
        Assert.Equal(4, Convert.ToInt32((string?)body["supportedFeatures"], 16));
    }

    [Theory]
    [InlineData("OAUTH", "PKI", "OAUTH")]
    [InlineData("PKI", "PSK", "PKI")]
    public async Task Security1_MethodOfTheHighestPriority(string one, string other, string selected)
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var profile = ClientBodies.Service("methods", scene.Provider.Aef.Id);
        profile["aefProfiles"]![0]!["securityMethods"] = new JsonArray(other, one);
        profile["aefProfiles"]![0]!["interfaceDescriptions"]![0]!.AsObject().Remove("securityMethods");
        var published = (await Life.PublishAsync(scene.Provider.Apf, profile)).Expect(201);

        var answer = await Life.SecureAsync(scene.Invoker, ClientBodies.Context((scene.Provider.Aef.Id, published["apiId"]!)));

        Assert.Equal(selected, (string?)Of(answer, 201, "ServiceSecurity")["securityInfo"]![0]!["selSecurityMethod"]);
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "/update")]
    public async Task Security2_3_13_14_AnAefsCertificate_401_KnownOrNot(string method, string rest)
    {
        var scene = await SecurityScene.MakeAsync(Life);

        foreach (var path in new[] { Unknown, ClientLife.Trusted(scene.Invoker.Party.Id) })
            Refused(await Client.SendAsync(scene.Provider.Aef, method, path + rest, scene.Context()), 401, Route, "User role must be invoker");
    }

    [Theory]
    [InlineData("PUT", "", false)]
    [InlineData("POST", "/update", false)]
    [InlineData("GET", "", true)]
    [InlineData("DELETE", "", true)]
    [InlineData("POST", "/delete", true)]
    public async Task Security4_6_11_15_18_UnknownInvoker_404(string method, string rest, bool byAef)
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var body = rest == "/delete" ? scene.Notification() : method is "PUT" or "POST" ? scene.Context() : null;
        if (rest == "/delete")
            body!["apiInvokerId"] = "not-valid";

        var answer = await Client.SendAsync(byAef ? scene.Provider.Aef : scene.Invoker.Party, method, Unknown + rest, body);

        Refused(answer, 404, NoInvoker, NoInvokerCause);
    }

    [Fact]
    public async Task Security5_17_AnAefReads_WithoutTheInformation()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var expected = (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201).Body;
        expected["securityInfo"]![0]!.AsObject().Remove("authenticationInfo");
        expected["securityInfo"]![0]!.AsObject().Remove("authorizationInfo");

        Same(expected, Of(await scene.ReadAsync(), 200, "ServiceSecurity"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/delete")]
    public async Task Security7_9_10_17_AnInvokersCertificate_401_KnownOrNot(string method, string rest)
    {
        var scene = await SecurityScene.MakeAsync(Life);

        foreach (var path in new[] { Unknown, ClientLife.Trusted(scene.Invoker.Party.Id) })
            Refused(await Client.SendAsync(scene.Invoker.Party, method, path + rest, method == "POST" ? "{}" : null), 401, Route, "User role must be aef");
    }

    [Fact]
    public async Task Security8_AnAefDeletes_204_AndNothingIsLeft()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);

        (await Client.SendAsync(scene.Provider.Aef, "DELETE", ClientLife.Trusted(scene.Invoker.Party.Id))).Expect(204);

        Refused(await scene.ReadAsync(), 404, NoContext, NoContextCause);
    }

    [Fact]
    public async Task Security12_18_Update_200_AndTheInformationIsRead()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var created = (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);
        Same(created.Body, Of(await scene.ReadAsync("?authenticationInfo=true&authorizationInfo=true"), 200, "ServiceSecurity"));
        var other = scene.Context();
        other["notificationDestination"] = "http://host.docker.internal:8086/changed";
        other["securityInfo"]![0]!["authenticationInfo"] = "changed";

        var updated = await Client.SendAsync(scene.Invoker.Party, "POST", ClientLife.Trusted(scene.Invoker.Party.Id) + "/update", other);

        Of(updated, 200, "ServiceSecurity");
        Located(updated, "/capif-security/v1/trustedInvokers", scene.Invoker.Party.Id);
        Assert.Equal("http://host.docker.internal:8086/changed", updated["notificationDestination"]);
        Same(updated.Body, Of(await scene.ReadAsync("?authenticationInfo=true&authorizationInfo=true"), 200, "ServiceSecurity"));
    }

    [Fact]
    public async Task Security16_Revokes_204_AndNothingIsLeft()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);

        (await Client.SendAsync(scene.Provider.Aef, "POST", ClientLife.Trusted(scene.Invoker.Party.Id) + "/delete", scene.Notification())).Expect(204);

        Refused(await scene.ReadAsync(), 404, NoContext, NoContextCause);
    }

    /// <summary>An AEF verifies tokens by what it reads there: keys of the API invoker's own would let it forge anybody's.</summary>
    [Theory]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b"}]}""")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("https://invoker.test/jwks")]
    public async Task Security12_KeysOfTheInvokersOwn_AreNotRepeated(string information)
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var context = scene.Context();
        context["securityInfo"]![0]!["authenticationInfo"] = information;
        context["securityInfo"]![0]!["authorizationInfo"] = information;
        var created = (await Life.SecureAsync(scene.Invoker, context)).Expect(201).Body["securityInfo"]![0]!;
        Assert.Null(created["authenticationInfo"]);
        Assert.Null(created["authorizationInfo"]);

        var read = Of(await scene.ReadAsync("?authenticationInfo=true&authorizationInfo=true"), 200, "ServiceSecurity")["securityInfo"]![0]!;

        Assert.Null(read["authenticationInfo"]);
        Assert.Equal((await Client.SendAsync(null, "GET", "/.well-known/jwks.json")).Text, (string?)read["authorizationInfo"]);
    }

    [Fact]
    public async Task Security28_Pki_TheAefReadsTheBundle_AsGetauthHasIt()
    {
        var scene = await SecurityScene.MakeAsync(Life, "PKI");

        var created = Of(await Life.SecureAsync(scene.Invoker, scene.Context()), 201, "ServiceSecurity")["securityInfo"]![0]!;
        var read = Of(await scene.ReadAsync("?authenticationInfo=true&authorizationInfo=true"), 200, "ServiceSecurity")["securityInfo"]![0]!;

        Assert.Equal("PKI", (string?)created["selSecurityMethod"]);
        Assert.Null(created["authenticationInfo"]);
        Assert.Equal(scene.Invoker.User.CaRoot, (string?)read["authenticationInfo"]);
        Assert.EndsWith("-----\n", scene.Invoker.User.CaRoot, StringComparison.Ordinal);
        Assert.Null(read["authorizationInfo"]);
    }
}

/// <summary>A provider with a service API, and an API invoker.</summary>
internal sealed record SecurityScene(ClientLife Life, ClientProvider Provider, ClientInvoker Invoker, string ApiName, string ApiId)
{
    public static async Task<SecurityScene> MakeAsync(ClientLife life, string method = "OAUTH")
    {
        var (provider, invoker) = (await life.ProviderAsync(), await life.InvokerAsync());
        var published = (await life.PublishAsync(provider.Apf, ClientBodies.Service("service_1", provider.Aef.Id, method: method))).Expect(201);
        return new SecurityScene(life, provider, invoker, "service_1", published["apiId"]!);
    }

    public JsonObject Context() => ClientBodies.Context((Provider.Aef.Id, ApiId));

    public JsonObject Notification() => new()
    {
        ["apiInvokerId"] = Invoker.Party.Id,
        ["apiIds"] = new JsonArray(ApiId),
        ["cause"] = "OVERLIMIT_USAGE",
    };

    /// <summary>The AEF reads the security context.</summary>
    public Task<ClientAnswer> ReadAsync(string query = "") => Life.Client.SendAsync(Provider.Aef, "GET", ClientLife.Trusted(Invoker.Party.Id) + query);

    /// <summary>Asks for a token.</summary>
    public Task<ClientAnswer> TokenAsync(string? scope = null, string? clientId = null, string grantType = "client_credentials", string? securityId = null, ClientParty? party = null)
    {
        var form = $"client_id={clientId ?? Invoker.Party.Id}&client_secret=string&grant_type={grantType}"
            + $"&scope={Uri.EscapeDataString(scope ?? $"3gpp#{Provider.Aef.Id}:{ApiName}")}";
        return Life.Client.SendAsync(
            party ?? Invoker.Party, "POST", $"/capif-security/v1/securities/{securityId ?? Invoker.Party.Id}/token", form, CapifClient.Form);
    }
}
