using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.6: capif_api_acl.</summary>
public sealed class AccessControlTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    [Fact]
    public async Task Acl1_APolicyWithTheSecurityContext_200()
    {
        var scene = await SceneAsync();

        var policy = Assert.Single(await PoliciesAsync(scene))!;

        Assert.Equal(scene.Invoker.Party.Id, (string?)policy["apiInvokerId"]);
    }

    [Fact]
    public async Task Acl2_3_SeveralInvokers_InTheOrderInWhichTheyCame_AndOneOfThem()
    {
        var scene = await SceneAsync();
        var invokers = new List<string> { scene.Invoker.Party.Id };
        for (var number = 0; number < 3; number++)
        {
            var invoker = await Life.InvokerAsync();
            (await Life.SecureAsync(invoker, scene.Context())).Expect(201);
            invokers.Add(invoker.Party.Id);
        }

        Assert.Equal(invokers, (await PoliciesAsync(scene)).Select(one => (string)one!["apiInvokerId"]!));
        Assert.Equal(invokers[1], (string?)Assert.Single(await PoliciesAsync(scene, "&api-invoker-id=" + invokers[1]))!["apiInvokerId"]);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Acl4_5_6_WrongAefOrServiceApi_404(bool wrongAef, bool wrongApi)
    {
        var scene = await SceneAsync();

        await NothingAsync(scene, wrongApi ? "not-valid" : scene.ApiId, wrongAef ? "not-valid" : scene.Provider.Aef.Id);
    }

    [Fact]
    public async Task Acl7_WithoutSecurityContext_404()
    {
        var scene = await SecurityScene.MakeAsync(Life);

        await NothingAsync(scene, scene.ApiId, scene.Provider.Aef.Id);
    }

    [Fact]
    public async Task Acl8_WrongInvoker_404()
    {
        var scene = await SceneAsync();

        await NothingAsync(scene, scene.ApiId, scene.Provider.Aef.Id, "not-valid");
    }

    [Fact]
    public async Task Acl9_AfterTheSecurityContextIsDeleted_404()
    {
        var scene = await SceneAsync();
        (await Client.SendAsync(scene.Provider.Aef, "DELETE", ClientLife.Trusted(scene.Invoker.Party.Id))).Expect(204);

        await NothingAsync(scene, scene.ApiId, scene.Provider.Aef.Id);
    }

    [Fact]
    public async Task Acl10_11_12_OtherRoles_401()
    {
        var scene = await SceneAsync();

        foreach (var party in new[] { scene.Provider.Apf, scene.Provider.Amf, scene.Invoker.Party })
            Refused(await Client.SendAsync(party, "GET", Path(scene.ApiId, scene.Provider.Aef.Id)), 401, Route, "Certificate not authorized");
    }

    [Fact]
    public async Task Acl13_AfterTheInvokersOffboarding_404_AtOnce()
    {
        var scene = await SceneAsync();
        (await Client.SendAsync(scene.Invoker.Party, "DELETE", scene.Invoker.Onboarded.Path)).Expect(204);
        scene.Invoker.IsGone = true;

        await NothingAsync(scene, scene.ApiId, scene.Provider.Aef.Id, scene.Invoker.Party.Id);
    }

    [Fact]
    public async Task Acl_TheOperator_ReadsWhatAnAefReads()
    {
        var scene = await SceneAsync();

        var answer = await Client.SendAsync(Fixture.Superadmin, "GET", Path(scene.ApiId, scene.Provider.Aef.Id));

        Same(await PoliciesAsync(scene), Of(answer, 200, "AccessControlPolicyList")["apiInvokerPolicies"]);
    }

    private static string Path(string apiId, string aefId, string? invoker = null) =>
        $"/access-control-policy/v1/accessControlPolicyList/{apiId}?aef-id={aefId}{(invoker is null ? "" : "&api-invoker-id=" + invoker)}";

    private async Task<SecurityScene> SceneAsync()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        (await Life.DiscoverAsync(scene.Invoker)).Expect(200);
        (await Life.SecureAsync(scene.Invoker, scene.Context())).Expect(201);
        return scene;
    }

    private async Task<JsonArray> PoliciesAsync(SecurityScene scene, string more = "") => Of(
        await Client.SendAsync(scene.Provider.Aef, "GET", Path(scene.ApiId, scene.Provider.Aef.Id) + more), 200, "AccessControlPolicyList")["apiInvokerPolicies"]!.AsArray();

    private async Task NothingAsync(SecurityScene scene, string apiId, string aefId, string? invoker = null) => Refused(
        await Client.SendAsync(scene.Provider.Aef, "GET", Path(apiId, aefId, invoker)), 404,
        $"No ACLs found for the requested service: {apiId}, aef_id: {aefId}, invoker: {invoker ?? "None"} and supportedFeatures: None", "Wrong id");
}
