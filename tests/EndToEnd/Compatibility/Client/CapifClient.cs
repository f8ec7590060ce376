using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>
/// What a client of OpenCAPIF does on the wire: accounts at the registration service, then HTTP/1.1 with a TLS connection of its own for each
/// request. It knows nothing of this core function but its two addresses and its root certificate. Tests and the benchmark use it.
/// </summary>
internal sealed class CapifClient(Uri core, Uri register, X509Certificate2Collection authorities, string administrator, string password)
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string Form = "application/x-www-form-urlencoded";

    private long _requests;

    /// <summary>How many requests were sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>The password of each account that it makes.</summary>
    public string UserPassword { get; init; } = "password";

    /// <summary>The core listener.</summary>
    public Uri Core => core;

    /// <summary>Sends to the core function, as that party or as nobody.</summary>
    public async Task<ClientAnswer> SendAsync(
        ClientParty? party, string method, string path, object? body = null, string mediaType = Json, string? bearer = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(core, path));
        if (body is not null)
            request.Content = new StringContent(body is JsonNode node ? node.ToJsonString() : (string)body, Encoding.UTF8, mediaType);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await SendAsync(request, party);
    }

    /// <summary>Makes an account and fetches its credential: log-in, createUser, getauth.</summary>
    public async Task<ClientUser> RegisterUserAsync(string name)
    {
        var secret = UserPassword;
        var made = (await AdministerAsync(HttpMethod.Post, "/createUser", new JsonObject
        {
            ["username"] = name,
            ["password"] = secret,
            ["description"] = "description",
            ["email"] = "\"" + name + "@telefonica.com\"",
            ["enterprise"] = "telefonica",
            ["country"] = "Spain",
            ["purpose"] = "testing",
            ["phone_number"] = "+34 123 456 789",
            ["company_web"] = "www.telefonica.com",
        })).Expect(201);
        var auth = (await GetAuthAsync(name, secret)).Expect(200);
        return new ClientUser(name, made["uuid"]!, auth["access_token"]!, auth["ccf_onboarding_url"]!, auth["ccf_api_onboarding_url"]!, auth["ca_root"]!);
    }

    /// <summary>Fetches a user's credential, and what else it needs to onboard or register.</summary>
    public async Task<ClientAnswer> GetAuthAsync(string name, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(register, "/getauth"));
        request.Headers.Authorization = Basic(name, secret);
        return await SendAsync(request, null);
    }

    /// <summary>Removes an account.</summary>
    public Task<ClientAnswer> DeleteUserAsync(ClientUser user) => AdministerAsync(HttpMethod.Delete, "/deleteUser/" + user.Uuid, null);

    /// <summary>Logs in, then administers; OpenCAPIF's suite logs in before each of these.</summary>
    public async Task<ClientAnswer> AdministerAsync(HttpMethod method, string path, JsonNode? body)
    {
        using var logIn = new HttpRequestMessage(HttpMethod.Post, new Uri(register, "/login"));
        logIn.Headers.Authorization = Basic(administrator, password);
        var token = (await SendAsync(logIn, null)).Expect(200)["access_token"]!;
        using var request = new HttpRequestMessage(method, new Uri(register, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, Json);
        return await SendAsync(request, null);
    }

    private static AuthenticationHeaderValue Basic(string name, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}")));

    private async Task<ClientAnswer> SendAsync(HttpRequestMessage request, ClientParty? party)
    {
        Interlocked.Increment(ref _requests);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = ClientParty.Tls(party, authorities, request.RequestUri!.Host),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(120) };
        request.Headers.ConnectionClose = true;
        using var response = await client.SendAsync(request);
        return new ClientAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }
}

/// <summary>An account with its credential.</summary>
internal sealed record ClientUser(string Name, string Uuid, string Token, string OnboardingUrl, string RegistrationUrl, string CaRoot);
