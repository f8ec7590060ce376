using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Tests.Hosting;

namespace CapifOrleans.Silo.Tests.Enrolment;

/// <summary>The enrolment listener over real TLS: what OpenCAPIF's clients call, and every refusal.</summary>
public class EnrolmentListenerTests
{
    [Fact]
    public async Task User_GetsWhatOnboardingNeeds()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");

        var (status, body, answer) = await SendAsync(core, HttpMethod.Get, "getauth", Basic("alice", RunningCore.Password));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("no-store", answer.CacheControl!.ToString());
        Assert.Equal(3, ((string)body["access_token"]!).Split('.').Length);
        Assert.True(DateTimeOffset.Parse((string)body["expires_at"]!, null) > TimeProvider.System.GetUtcNow());
        Assert.StartsWith(await File.ReadAllTextAsync(core.Function.RootFile), (string)body["ca_root"]!, StringComparison.Ordinal);
        Assert.Equal(core.Function.Core.ToString(), (string)body["core"]!);
        Assert.Equal("api-invoker-management/v1/onboardedInvokers", (string)body["ccf_onboarding_url"]!);
        Assert.Equal("api-provider-management/v1/registrations", (string)body["ccf_api_onboarding_url"]!);
        Assert.NotNull(body["ccf_publish_url"]);
        Assert.NotNull(body["ccf_discover_url"]);
        Assert.NotNull(body["ccf_security_url"]);
    }

    [Fact]
    public async Task Administrator_ManagesAccounts()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("admin", administrator: true);
        var token = await LogInAsync(core);

        for (var round = 0; round < 2; round++)
        {
            // As OpenCAPIF's clients send it; a name that was just removed is free at once.
            var account = """{"username":"bob","password":"bob's password","description":"d","email":"\"b\"@x","purpose":"p","phone_number":"1"}""";
            var (status, made, _) = await SendAsync(core, HttpMethod.Post, "createUser", token, Json(account));
            Assert.Equal(HttpStatusCode.Created, status);
            var uuid = (string)made["uuid"]!;
            var (_, users, _) = await SendAsync(core, HttpMethod.Get, "getUsers", token);
            Assert.Contains(users["users"]!.AsArray(), user => (string)user!["username"]! == "bob" && (string)user["uuid"]! == uuid);

            var (ok, _, _) = await SendAsync(core, HttpMethod.Get, "getauth", Basic("bob", "bob's password"));
            Assert.Equal(HttpStatusCode.OK, ok);
            var (gone, _, _) = await SendAsync(core, HttpMethod.Delete, "deleteUser/" + uuid, token);
            Assert.Equal(HttpStatusCode.NoContent, gone);
            await RefusedAsync(core, HttpMethod.Delete, "deleteUser/" + uuid, token, null, HttpStatusCode.NotFound, "ACCOUNT_NOT_FOUND");
            await RefusedAsync(core, HttpMethod.Get, "getauth", Basic("bob", "bob's password"), null, HttpStatusCode.Unauthorized, "LOG_IN_FAILED");
        }
    }

    [Fact]
    public async Task WrongOrMissingPassword_IsRefusedWithAChallenge()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");

        foreach (var path in new[] { "getauth", "login" })
        {
            var method = path == "login" ? HttpMethod.Post : HttpMethod.Get;
            await BasicRefusedAsync(core, method, path, null, "CREDENTIAL_MISSING");
            await BasicRefusedAsync(core, method, path, new AuthenticationHeaderValue("Bearer", "x"), "CREDENTIAL_MISSING");
            await BasicRefusedAsync(core, method, path, new AuthenticationHeaderValue("Basic", "!"), "CREDENTIAL_MISSING");
            await BasicRefusedAsync(core, method, path, new AuthenticationHeaderValue("Basic", Convert.ToBase64String("x"u8)), "CREDENTIAL_MISSING");
            await BasicRefusedAsync(core, method, path, new AuthenticationHeaderValue("Basic", Convert.ToBase64String([0xff, 0x3a])), "CREDENTIAL_MISSING");
            await BasicRefusedAsync(core, method, path, Basic("alice", "wrong"), "LOG_IN_FAILED");
            await BasicRefusedAsync(core, method, path, Basic("nobody", "wrong"), "LOG_IN_FAILED");
        }
    }

    [Fact]
    public async Task WhoIsNoAdministrator_CannotManage()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");
        await RefusedAsync(core, HttpMethod.Post, "login", Basic("alice", RunningCore.Password), null, HttpStatusCode.Forbidden, "NOT_AN_ADMINISTRATOR");
        var (_, auth, _) = await SendAsync(core, HttpMethod.Get, "getauth", Basic("alice", RunningCore.Password));
        var enrolment = new AuthenticationHeaderValue("Bearer", (string)auth["access_token"]!);

        (HttpMethod Method, string Path)[] administration =
            [(HttpMethod.Post, "createUser"), (HttpMethod.Get, "getUsers"), (HttpMethod.Delete, "deleteUser/1")];
        foreach (var (method, path) in administration)
        {
            var challenge = await RefusedAsync(core, method, path, enrolment, Json("{}"), HttpStatusCode.Unauthorized, "CREDENTIAL_WRONG_PURPOSE");
            Assert.Equal("Bearer realm=\"enrolment\", error=\"invalid_token\"", challenge);
            challenge = await RefusedAsync(core, method, path, null, Json("{}"), HttpStatusCode.Unauthorized, "CREDENTIAL_MISSING");
            Assert.Equal("Bearer realm=\"enrolment\"", challenge);
            await RefusedAsync(core, method, path, Basic("alice", RunningCore.Password), Json("{}"), HttpStatusCode.Unauthorized, "CREDENTIAL_MISSING");
            await RefusedAsync(
                core, method, path, new AuthenticationHeaderValue("Bearer", "a.b.c"), Json("{}"), HttpStatusCode.Unauthorized, "CREDENTIAL_INVALID");
        }
    }

    [Fact]
    public async Task RemovedAdministrator_HasNoPowerLeft()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("admin", administrator: true);
        var token = await LogInAsync(core);

        Assert.Null((await core.Function.Administration.RemoveUserAsync("admin", default)).Refusal);

        await RefusedAsync(core, HttpMethod.Get, "getUsers", token, null, HttpStatusCode.Unauthorized, "CREDENTIAL_ACCOUNT_GONE");
    }

    [Theory]
    [InlineData("""{"username":"bob"}""", "password", "MANDATORY_IE_MISSING")]
    [InlineData("""{"password":"a long password"}""", "username", "MANDATORY_IE_MISSING")]
    [InlineData("""{"username":"bob","password":"short"}""", "password", "MANDATORY_IE_INCORRECT")]
    [InlineData("""{"username":"b o b","password":"a long password"}""", "username", "MANDATORY_IE_INCORRECT")]
    [InlineData("""{"username":1,"password":"a long password"}""", "username", "MANDATORY_IE_INCORRECT")]
    [InlineData("""{"username":""", null, "INVALID_MSG_FORMAT")]
    [InlineData("[]", null, "INVALID_MSG_FORMAT")]
    [InlineData("null", "username", "MANDATORY_IE_MISSING")]
    public async Task BadAccount_IsRefusedNamingWhatIsWrong(string account, string? param, string cause)
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("admin", administrator: true);

        var (status, body, _) = await SendAsync(core, HttpMethod.Post, "createUser", await LogInAsync(core), Json(account));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(cause, (string)body["cause"]!);
        Assert.Equal(param, (string?)body["invalidParams"]?[0]!["param"]);
        Assert.Single(await core.Function.Administration.ListUsersAsync(default));
    }

    [Fact]
    public async Task OtherBodies_AreRefused()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("admin", administrator: true);
        var token = await LogInAsync(core);

        var (status, _, _) = await SendAsync(core, HttpMethod.Post, "createUser", token, new StringContent("username=bob"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        (status, _, _) = await SendAsync(core, HttpMethod.Post, "createUser", token, Json("\"" + new string('a', 70_000) + "\""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        (status, _, _) = await SendAsync(core, HttpMethod.Post, "createUser", token, Json("""{"username":"admin","password":"a long password"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        await RefusedAsync(core, HttpMethod.Get, "nothing", null, null, HttpStatusCode.NotFound, "RESOURCE_URI_STRUCTURE_NOT_FOUND");
        (status, _, _) = await SendAsync(core, HttpMethod.Put, "createUser", token, Json("{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
    }

    [Fact]
    public async Task AdministratorsAccount_IsNotRemovedOverTheNetwork()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("admin", administrator: true);
        var uuid = (await core.Function.Administration.ListUsersAsync(default))[0].Uuid;

        await RefusedAsync(
            core, HttpMethod.Delete, "deleteUser/" + uuid, await LogInAsync(core), null, HttpStatusCode.Forbidden, "ADMINISTRATOR_ACCOUNT");
    }

    [Fact]
    public async Task ManyFailures_LockTheAccount_ThenTheAddress()
    {
        await using var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");
        for (var attempt = 0; attempt < 5; attempt++)
            await BasicRefusedAsync(core, HttpMethod.Get, "getauth", Basic("alice", "wrong"), "LOG_IN_FAILED");

        await RefusedAsync(core, HttpMethod.Get, "getauth", Basic("alice", RunningCore.Password), null, HttpStatusCode.TooManyRequests, "ACCOUNT_LOCKED");
        for (var attempt = 5; attempt < 30; attempt++)
            await BasicRefusedAsync(core, HttpMethod.Get, "getauth", Basic($"guess{attempt}", "wrong"), "LOG_IN_FAILED");

        await RefusedAsync(core, HttpMethod.Get, "getauth", Basic("bob", "wrong"), null, HttpStatusCode.TooManyRequests, "TOO_MANY_LOG_INS");
    }

    [Fact]
    public async Task EveryDecision_LeavesAnAuditLine_WithoutSecrets()
    {
        var core = await RunningCore.StartAsync();
        await core.AddUserAsync("alice");
        var (_, auth, _) = await SendAsync(core, HttpMethod.Get, "getauth", Basic("alice", RunningCore.Password));
        await BasicRefusedAsync(core, HttpMethod.Get, "getauth", Basic("alice", "wrong-secret"), "LOG_IN_FAILED");
        await core.DisposeAsync();

        var log = Encoding.UTF8.GetString(core.Log.ToArray());
        var audit = log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .Where(entry => (string)entry["category"]! == "CapifOrleans.Audit")
            .ToList();
        Assert.Equal(2, audit.Count);
        Assert.Equal("alice", (string)audit[0]["values"]!["Caller"]!);
        Assert.Equal(401, (int)audit[1]["values"]!["Status"]!);
        Assert.DoesNotContain(RunningCore.Password, log, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", log, StringComparison.Ordinal);
        Assert.DoesNotContain((string)auth["access_token"]!, log, StringComparison.Ordinal);
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<AuthenticationHeaderValue> LogInAsync(RunningCore core)
    {
        var (status, body, _) = await SendAsync(core, HttpMethod.Post, "login", Basic("admin", RunningCore.Password));
        Assert.Equal(HttpStatusCode.OK, status);
        return new AuthenticationHeaderValue("Bearer", (string)body["access_token"]!);
    }

    private static async Task BasicRefusedAsync(RunningCore core, HttpMethod method, string path, AuthenticationHeaderValue? authorization, string cause)
    {
        var challenge = await RefusedAsync(core, method, path, authorization, null, HttpStatusCode.Unauthorized, cause);
        Assert.Equal("Basic realm=\"enrolment\", charset=\"UTF-8\"", challenge);
    }

    private static async Task<string> RefusedAsync(
        RunningCore core, HttpMethod method, string path, AuthenticationHeaderValue? authorization, HttpContent? content, HttpStatusCode status, string cause)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Authorization = authorization;
        using var answer = await core.Enrolment.SendAsync(request);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Equal(cause, (string)problem["cause"]!);
        Assert.NotEmpty((string)problem["detail"]!);
        if (status == HttpStatusCode.TooManyRequests)
            Assert.NotNull(answer.Headers.RetryAfter);
        return answer.Headers.WwwAuthenticate.ToString();
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers)> SendAsync(
        RunningCore core, HttpMethod method, string path, AuthenticationHeaderValue authorization, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Authorization = authorization;
        using var answer = await core.Enrolment.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject(), answer.Headers);
    }
}
