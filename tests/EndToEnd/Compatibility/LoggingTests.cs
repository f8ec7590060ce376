using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.7: capif_api_logging_service and capif_api_auditing_service.</summary>
public sealed class LoggingTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Audit = "/logs/v1/apiInvocationLogs";

    [Fact]
    public async Task Logging1_201()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var log = Log(scene);

        var answer = await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), log);

        Same(log, Of(answer, 201, "InvocationLog"));
        Located(answer, Logs(scene.Provider.Aef.Id));
    }

    [Fact]
    public async Task Logging2_UnknownAef_404_BeforeThePathIsComparedWithTheBody()
    {
        var scene = await SecurityScene.MakeAsync(Life);

        Refused(await Client.SendAsync(scene.Provider.Aef, "POST", Logs("aef-example"), Log(scene)), 404, "Exposer not exist", "Exposer id not found");
    }

    [Fact]
    public async Task Logging3_UnknownServiceApi_404()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var log = ClientBodies.Log(scene.Provider.Aef.Id, scene.Invoker.Party.Id, "not-valid", "service_1", ("v1", "200"));
        Refused(await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), log), 404, "Service API not exist", null);

        log = ClientBodies.Log(scene.Provider.Aef.Id, scene.Invoker.Party.Id, scene.ApiId, "not-valid", ("v1", "200"));
        Refused(await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), log), 404, "Service API not exist", null);
    }

    [Fact]
    public async Task Logging4_UnknownInvoker_404()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var log = ClientBodies.Log(scene.Provider.Aef.Id, "not-valid", scene.ApiId, scene.ApiName, ("v1", "200"));

        Refused(await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), log), 404, "Invoker not exist", "Invoker id not found");
    }

    [Fact]
    public async Task Logging5_AnotherAefInTheBody_401()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        var log = ClientBodies.Log("not-valid", scene.Invoker.Party.Id, scene.ApiId, scene.ApiName, ("v1", "200"));

        Refused(
            await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), log), 401, "AEF id not matching in request and body",
            "Not identical AEF id");
    }

    [Fact]
    public async Task Auditing1_AllEntries_200()
    {
        var scene = await LoggedAsync();

        var answer = await AuditAsync(scene, Query(scene));

        Same(Log(scene), Of(answer, 200, "InvocationLog"));
    }

    [Fact]
    public async Task Auditing2_NothingRecorded_404()
    {
        var scene = await SecurityScene.MakeAsync(Life);

        Refused(await AuditAsync(scene, Query(scene)), 404, "aefId or/and apiInvokerId do not match any InvocationLogs", "No log invocations found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?aef-id=a")]
    [InlineData("?api-invoker-id=a")]
    public async Task Auditing3_WithoutTheParties_400(string query)
    {
        var scene = await LoggedAsync();

        Refused(await AuditAsync(scene, query), 400, "aef_id and api_invoker_id parameters are mandatory", "Mandatory parameters missing");
    }

    [Fact]
    public async Task Auditing4_Filtered_200()
    {
        var scene = await LoggedAsync();

        var body = Of(await AuditAsync(scene, Query(scene) + "&api-version=v1"), 200, "InvocationLog");

        Same(Log(scene)["logs"]![0], Assert.Single(body["logs"]!.AsArray()));
    }

    [Fact]
    public async Task Auditing5_NothingPassesTheFilter_404()
    {
        var scene = await LoggedAsync();

        Refused(await AuditAsync(scene, Query(scene) + "&api-version=v58"), 404, "Parameters do not match any log entry", "No logs found");
    }

    [Fact]
    public async Task Auditing_TheOperator_ReadsWhatAnAmfReads()
    {
        var scene = await LoggedAsync();

        Same(Log(scene), Of(await Client.SendAsync(Fixture.Superadmin, "GET", Audit + Query(scene)), 200, "InvocationLog"));
        Refused(await Client.SendAsync(scene.Provider.Aef, "GET", Audit + Query(scene)), 401, Route, "User role must be amf");
    }

    private static string Logs(string aefId) => $"/api-invocation-logs/v1/{aefId}/logs";

    private static string Query(SecurityScene scene) => $"?aef-id={scene.Provider.Aef.Id}&api-invoker-id={scene.Invoker.Party.Id}";

    private static JsonObject Log(SecurityScene scene) =>
        ClientBodies.Log(scene.Provider.Aef.Id, scene.Invoker.Party.Id, scene.ApiId, scene.ApiName, ("v1", "200"), ("v2", "500"));

    private Task<ClientAnswer> AuditAsync(SecurityScene scene, string query) => Client.SendAsync(scene.Provider.Amf, "GET", Audit + query);

    private async Task<SecurityScene> LoggedAsync()
    {
        var scene = await SecurityScene.MakeAsync(Life);
        (await Client.SendAsync(scene.Provider.Aef, "POST", Logs(scene.Provider.Aef.Id), Log(scene))).Expect(201);
        return scene;
    }
}
